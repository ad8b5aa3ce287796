// The trace of one actor, call or courier: started, watched and ended here.
import { useEffect, useState } from 'preact/hooks';
import { get, post, request, toldOf } from '../api/client';
import type { Trace, TracedMessage } from '../api/types';
import { text } from '../i18n';
import { duration } from '../lib/format';
import { actorLink } from '../lib/router';
import { Badge } from '../ui/badge';
import { Card, Time, Trouble } from '../ui/parts';
import { repeat, usePoll } from '../ui/poll';
import { Table, type Column } from '../ui/table';

// Enough to see a conversation; the newest are what one waits for.
const SHOWN = 200;

/** How many are known for good: what is under way will be told again, with its time. */
export function settled(messages: readonly TracedMessage[]): number {
  const open = messages.findIndex((one) => one.tookMs === null);
  return open < 0 ? messages.length : open;
}

/** The messages of a trace, each asked for once, until it has ended. */
function useTrace(n: number | null): {
  messages: readonly TracedMessage[] | null;
  error: string | null;
} {
  const [seen, see] = useState<{ n: number; messages: TracedMessage[] } | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    if (n === null) return;
    let known: TracedMessage[] = [];
    const stop = repeat(async (abort) => {
      try {
        const after = settled(known);
        const came = await get<Trace>(`/admin/traces/${n}`, { query: { after }, abort });
        if (abort.aborted) return;
        known = [...known.slice(0, after), ...came.messages];
        see({ n, messages: known });
        setError(null);
        if (came.done && settled(known) === known.length) stop();
      } catch (failed) {
        if (!abort.aborted) setError(toldOf(failed));
      }
    }, 1_000);
    return stop;
  }, [n]);
  return { messages: seen?.n === n ? seen.messages : null, error };
}

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
    {
      head: t.took2,
      cell: (one) =>
        one.tookMs === null ? <Badge tone="info">{t.underWay}</Badge> : duration(one.tookMs),
      number: true,
    },
    { head: t.about, cell: (one) => one.about.join(', ') },
  ];
}

export function ActorTrace({ kind, id }: { kind: string; id: string }) {
  const t = text.value.actors;
  const { data, error, at, reload } = usePoll<{ traces: Trace[] }>('/admin/traces', {}, 1_500);
  const [refused, setRefused] = useState<string | null>(null);
  // Not asked for any more from the moment it is forgotten here, whatever an older list says.
  const [forgotten, forget] = useState(0);
  const mine = (data?.traces ?? [])
    .filter((one) => one.kind === kind && one.id === id && one.n > forgotten)
    .sort((a, b) => b.n - a.n)[0];
  const { messages, error: missed } = useTrace(mine?.n ?? null);
  const doing = async (does: Promise<unknown>): Promise<void> => {
    try {
      await does;
      setRefused(null);
    } catch (failed) {
      setRefused(toldOf(failed));
    }
    reload();
  };
  const rows = messages
    ?.map((one, key) => ({ ...one, key }))
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
            <button onClick={() => void doing(post('/admin/traces', { query: { kind, id } }))}>
              {t.traceStart}
            </button>
          )}
        </>
      }
    >
      <Trouble say={refused ?? error} at={refused ? null : at} />
      {mine && (
        <>
          <Trouble say={missed} />
          <Table
            label={t.trace}
            rows={rows ?? null}
            columns={columns()}
            keyOf={(one) => one.key}
            empty={t.traceEmpty}
          />
        </>
      )}
    </Card>
  );
}
