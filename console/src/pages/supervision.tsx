// What crashed and why, and what operators did, both as they happen.
import { useEffect } from 'preact/hooks';
import { connection } from '../api/feed';
import type { Audited, Restart } from '../api/types';
import { text, word } from '../i18n';
import { actions, addActions, addRestarts, restarts } from '../state/news';
import { Card, PageHead, Time, Trouble } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Table } from '../ui/table';
import { Stories } from './stories';

function Audit({ asked }: { asked: boolean }) {
  const t = text.value.supervision;
  return (
    <Table
      label={t.audit}
      rows={asked || actions.value.length ? actions.value : null}
      keyOf={(one: Audited) => one.id}
      empty={t.auditNone}
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

export function Supervision() {
  const t = text.value.supervision;
  // The feed tells only what happens from now on.
  const before = usePoll<{ restarts: Restart[] }>('/admin/restarts', { limit: 100 });
  const done = usePoll<{ actions: Audited[] }>('/admin/audit', { limit: 100 });
  // What happened while nobody told it.
  const live = connection.value === 'live';
  useEffect(() => {
    if (!live) return;
    before.reload();
    done.reload();
  }, [live]);
  useEffect(() => {
    if (before.data) addRestarts(before.data.restarts);
  }, [before.data]);
  useEffect(() => {
    if (done.data) addActions(done.data.actions);
  }, [done.data]);
  return (
    <>
      <PageHead title={text.value.pages.supervision} />
      <Trouble say={before.error ?? done.error} />
      <div class="halves">
        <Card title={t.restarts} hint={t.restartsHint}>
          <Stories of={restarts.value} empty={before.data ? t.none : text.value.loading} />
        </Card>
        <Card title={t.audit} hint={t.auditHint}>
          <Audit asked={done.data !== null} />
        </Card>
      </div>
    </>
  );
}
