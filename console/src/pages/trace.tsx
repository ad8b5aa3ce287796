// The trace of one actor: started, watched and ended here.
import { useState } from 'preact/hooks';
import { ApiError, post, request } from '../api/client';
import type { Trace, TracedMessage } from '../api/types';
import { text } from '../i18n';
import { duration } from '../lib/format';
import { actorLink } from '../lib/router';
import { Badge } from '../ui/badge';
import { Card, Time, Trouble } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Table, type Column } from '../ui/table';

// Enough to see a conversation; the newest are what one waits for.
const SHOWN = 200;

function columns(): Column<TracedMessage & { key: number }>[] {
  const t = text.value.actors;
  return [
    { head: text.value.calls.at, cell: (one) => <Time at={one.at} fine /> },
    {
      head: t.id,
      cell: (one) => (
        <a href={actorLink(one.actor)}>
          {one.actor.kind} {one.actor.id}
        </a>
      ),
    },
    {
      head: t.message,
      cell: (one) => (
        <>
          {one.message} {one.failed && <Badge tone="bad">{t.failed}</Badge>}
        </>
      ),
    },
    { head: t.waited, cell: (one) => duration(one.waitMs), number: true },
    { head: t.took2, cell: (one) => duration(one.tookMs), number: true },
    { head: t.about, cell: (one) => one.about.join(', '), wide: true },
  ];
}

export function ActorTrace({ kind, id }: { kind: string; id: string }) {
  const t = text.value.actors;
  const { data, reload } = usePoll<{ traces: Trace[] }>('/admin/traces', {}, 1_500);
  const [refused, setRefused] = useState<string | null>(null);
  // Not asked for any more from the moment it is forgotten here, whatever an older list says.
  const [forgotten, forget] = useState(0);
  const mine = (data?.traces ?? [])
    .filter((one) => one.kind === kind && one.id === id && one.n > forgotten)
    .sort((a, b) => b.n - a.n)[0];
  const seen = usePoll<Trace>(mine ? `/admin/traces/${mine.n}` : null, {}, 1_000).data;
  const doing = async (does: Promise<unknown>): Promise<void> => {
    try {
      await does;
      setRefused(null);
    } catch (failed) {
      setRefused(failed instanceof ApiError ? failed.message : String(failed));
    }
    reload();
  };
  const rows = (seen?.messages ?? [])
    .map((one, key) => ({ ...one, key }))
    .slice(-SHOWN)
    .reverse();
  return (
    <Card
      title={t.trace}
      hint={t.traceHint}
      tools={
        <>
          {mine && (
            <Badge tone={mine.done ? 'quiet' : 'info'}>
              {mine.done ? t.traceDone : t.traceRunning}
            </Badge>
          )}
          {mine ? (
            <button
              onClick={() => {
                forget(mine.n);
                void doing(request('DELETE', `/admin/traces/${mine.n}`));
              }}
            >
              {t.traceStop}
            </button>
          ) : (
            <button onClick={() => void doing(post('/admin/traces', { kind, id }))}>
              {t.traceStart}
            </button>
          )}
        </>
      }
    >
      <Trouble say={refused} />
      {mine && (
        <Table
          label={t.trace}
          rows={seen ? rows : null}
          columns={columns()}
          keyOf={(one) => one.key}
          empty={t.traceEmpty}
        />
      )}
    </Card>
  );
}
