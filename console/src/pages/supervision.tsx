// What crashed and why, and what operators did, both as they happen.
import { useEffect, useState } from 'preact/hooks';
import { get, toldOf } from '../api/client';
import type { Audited, Restart } from '../api/types';
import { text, word } from '../i18n';
import { link } from '../lib/router';
import { actions, addActions, addRestarts, KEPT, restarts } from '../state/news';
import { Filter } from '../ui/filter';
import { Card, PageHead, Time, Trouble } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Table } from '../ui/table';
import { Stories } from './stories';

const PAGE = 100;

/** Whether it says all these words somewhere. */
export const says = (one: object, asked: string): boolean => {
  const said = JSON.stringify(Object.values(one)).toLowerCase();
  return asked
    .toLowerCase()
    .split(/\s+/)
    .every((part) => said.includes(part));
};

/** Fetches what is older than the last that is shown. */
function Older<T>({
  path,
  list,
  before,
  shown,
  add,
}: {
  path: string;
  list: string;
  before: string | number;
  shown: number;
  add: (came: readonly T[]) => void;
}) {
  const [step, setStep] = useState<'ready' | 'asking' | 'end'>('ready');
  const [error, setError] = useState<string | null>(null);
  if (shown < PAGE || shown >= KEPT || step === 'end') return null;
  const ask = async (): Promise<void> => {
    setStep('asking');
    try {
      const query = { limit: PAGE, before };
      const came = (await get<Record<string, T[]>>(path, { query }))[list]!;
      add(came);
      setError(null);
      setStep(came.length < PAGE ? 'end' : 'ready');
    } catch (failed) {
      setError(toldOf(failed));
      setStep('ready');
    }
  };
  return (
    <footer class="card-foot">
      <button disabled={step === 'asking'} onClick={() => void ask()}>
        {text.value.supervision.older}
      </button>
      <Trouble say={error} />
    </footer>
  );
}

function Audit({ of }: { of: readonly Audited[] | null }) {
  const t = text.value.supervision;
  return (
    <Table
      label={t.audit}
      rows={of}
      keyOf={(one) => one.id}
      empty={actions.value.length ? text.value.nothing : t.auditNone}
      columns={[
        { head: text.value.calls.at, cell: (one) => <Time at={one.at} /> },
        { head: t.operator, cell: (one) => one.operator },
        {
          head: t.action,
          wrap: true,
          cell: (one) => (
            <>
              {word(text.value.action.names, one.action)}: {one.object}
              {one.detail && <span class="hint"> {one.detail}</span>}
            </>
          ),
        },
        { head: text.value.action.audit, cell: (one) => <code>{one.id}</code> },
      ]}
    />
  );
}

export function Supervision({ query }: { query: URLSearchParams }) {
  const t = text.value.supervision;
  const asked = query.get('q') ?? '';
  // The feed tells only what happens from now on.
  const before = usePoll<{ restarts: Restart[] }>('/admin/restarts', { limit: PAGE });
  const done = usePoll<{ actions: Audited[] }>('/admin/audit', { limit: PAGE });
  useEffect(() => {
    if (before.data) addRestarts(before.data.restarts);
  }, [before.data]);
  useEffect(() => {
    if (done.data) addActions(done.data.actions);
  }, [done.data]);
  const { story } = text.value.told;
  const stories = restarts.value.filter((one) => says({ ...one, told: story(one) }, asked));
  const deeds = actions.value.filter((one) => says(one, asked));
  const none = restarts.value.length ? text.value.nothing : t.none;
  return (
    <>
      <PageHead title={text.value.pages.supervision}>
        <Filter label={t.filter} value={asked} to={(q) => link(['supervision'], { q })} />
      </PageHead>
      <Trouble say={before.error} at={before.at} />
      <Trouble say={done.error} at={done.at} />
      <div class="halves">
        <Card title={t.restarts} hint={t.restartsHint}>
          <Stories of={stories} empty={before.data ? none : text.value.loading} />
          <Older
            path="/admin/restarts"
            list="restarts"
            before={restarts.value.at(-1)?.n ?? ''}
            shown={restarts.value.length}
            add={addRestarts}
          />
        </Card>
        <Card title={t.audit} hint={t.auditHint}>
          <Audit of={done.data || actions.value.length ? deeds : null} />
          <Older
            path="/admin/audit"
            list="actions"
            before={actions.value.at(-1)?.id ?? ''}
            shown={actions.value.length}
            add={addActions}
          />
        </Card>
      </div>
    </>
  );
}
