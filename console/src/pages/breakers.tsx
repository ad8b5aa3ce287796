// The circuit breakers, and how to overrule them.
import { segment } from '../api/client';
import type { Breaker } from '../api/types';
import { text } from '../i18n';
import { count, duration } from '../lib/format';
import { ActionButton } from '../ui/action';
import { State } from '../ui/badge';
import { Card, PageHead } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Table } from '../ui/table';

export function Breakers() {
  const t = text.value.breakers;
  const { data, error, reload } = usePoll<{ breakers: Breaker[] }>('/admin/breakers', {}, 1_500);
  return (
    <>
      <PageHead title={text.value.pages.breakers} />
      <Card>
        <Table
          label={text.value.pages.breakers}
          rows={data?.breakers ?? null}
          keyOf={(one) => one.name}
          empty={t.none}
          error={error}
          columns={[
            { head: t.name, cell: (one) => <strong>{one.name}</strong> },
            { head: t.state, cell: (one) => <State of={one.state} /> },
            { head: t.calls, cell: (one) => count(one.calls), number: true, wide: true },
            { head: t.failed, cell: (one) => count(one.failed), number: true, wide: true },
            { head: t.slow, cell: (one) => count(one.slow), number: true, wide: true },
            { head: t.rejected, cell: (one) => count(one.rejected), number: true, wide: true },
            {
              head: t.retry,
              cell: (one) => (one.retryAfterMs ? duration(one.retryAfterMs) : '–'),
              number: true,
              wide: true,
            },
            {
              head: text.value.supervision.action,
              number: true,
              cell: (one) => (
                <div class="buttons">
                  {(['trip', 'reset', 'disable'] as const).map((action) => (
                    <ActionButton
                      key={action}
                      name={t[action]}
                      ask={{
                        path: `/admin/breakers/${segment(one.name)}/${action}`,
                        action,
                        object: one.name,
                        done: reload,
                      }}
                    />
                  ))}
                </div>
              ),
            },
          ]}
        />
      </Card>
      <p class="hint">{t.hint}</p>
    </>
  );
}
