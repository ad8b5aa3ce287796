// The circuit breakers, and how to overrule them.
import { segment } from '../api/client';
import type { Breaker } from '../api/types';
import { text } from '../i18n';
import { count, duration, NOTHING } from '../lib/format';
import { ActionButton } from '../ui/action';
import { State } from '../ui/badge';
import { Card, PageHead } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Table } from '../ui/table';

// Of what an operator overruled, time changes nothing.
const OVERRULED = new Set(['forced_open', 'disabled']);

function retryOf({ state, retryAfterMs }: Breaker): string {
  if (OVERRULED.has(state)) return text.value.breakers.untilReset;
  return retryAfterMs ? duration(retryAfterMs) : NOTHING;
}

export function Breakers() {
  const t = text.value.breakers;
  const polled = usePoll<{ breakers: Breaker[] }>('/admin/breakers', {}, 1_500);
  const { data, reload } = polled;
  return (
    <>
      <PageHead title={text.value.pages.breakers} />
      <Card>
        <Table
          label={text.value.pages.breakers}
          rows={data?.breakers ?? null}
          keyOf={(one) => one.name}
          empty={t.none}
          from={polled}
          columns={[
            { head: t.name, cell: (one) => <strong>{one.name}</strong> },
            { head: t.state, cell: (one) => <State of={one.state} /> },
            { head: t.calls, cell: (one) => count(one.calls), number: true },
            { head: t.failed, cell: (one) => count(one.failed), number: true },
            { head: t.slow, cell: (one) => count(one.slow), number: true },
            { head: t.rejected, cell: (one) => count(one.rejected), number: true },
            {
              head: t.retry,
              cell: retryOf,
              number: true,
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
                      of={one.name}
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
