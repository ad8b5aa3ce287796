// One actor: how busy it is, what it says of itself, its restarts, and what can be done to it.
import { segment } from '../api/client';
import type { ActorDetail } from '../api/types';
import { text } from '../i18n';
import { count, duration, NOTHING } from '../lib/format';
import { link } from '../lib/router';
import { ActionButton } from '../ui/action';
import { Running, State } from '../ui/badge';
import { Asked, Card, Facts, PageHead } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Stories } from './stories';
import { ActorTrace } from './trace';

function Tools({ of, path, reload }: { of: ActorDetail; path: string; reload: () => void }) {
  const t = text.value.actors;
  const object = `${of.kind} ${of.id}`;
  const ask = (action: string) => ({ path: `${path}/${action}`, action, object, done: reload });
  return (
    <>
      <ActionButton quiet name={t.crash} ask={ask('crash')} />
      <ActionButton quiet name={t.hang} ask={{ ...ask('hang'), field: 'for' }} />
      <ActionButton name={t.restart} ask={ask('restart')} />
      <ActionButton name={t.kill} ask={ask('kill')} />
    </>
  );
}

function figuresOf(of: ActorDetail) {
  const [t, o] = [text.value.actors, text.value.overview];
  const num = (value: string) => <span class="num">{value}</span>;
  const times = (value: ActorDetail['wait']) =>
    num(value ? `${duration(value.p50Ms)} / ${duration(value.p99Ms)}` : NOTHING);
  return [
    [t.supervisor, of.supervisor ?? NOTHING],
    [t.running, <Running now={of.running} />],
    [o.depth, num(count(of.depth))],
    [o.highWater, num(count(of.highWater))],
    [t.messages, num(count(of.messages))],
    [o.rejected, num(count(of.rejected))],
    [t.waitBoth, times(of.wait)],
    [t.handlerBoth, times(of.handler)],
    [text.value.supervision.restarts, num(count(of.restarts))],
    [t.lastExit, of.lastExit === null ? NOTHING : text.value.told.reason(of.lastExit)],
  ] as const;
}

function Snapshot({ of }: { of: ActorDetail }) {
  const t = text.value.actors;
  const said = Object.entries(of.snapshot ?? {});
  return (
    <Card title={t.snapshot}>
      {of.snapshot ? (
        <Facts
          of={said.map(([name, value]) => [name, <span class="num">{value}</span>] as const)}
        />
      ) : (
        <p class="trouble">{of.snapshotError ?? t.snapshotNone}</p>
      )}
    </Card>
  );
}

export function ActorPage({ kind, id }: { kind: string; id: string }) {
  const t = text.value.actors;
  const path = `/admin/actors/${segment(kind)}/${segment(id)}`;
  const polled = usePoll<ActorDetail>(path, {}, 1_500);
  const { data, reload } = polled;
  return (
    <>
      <PageHead
        title={
          <>
            {kind} {id} {data && <State of={data.state} />}
          </>
        }
        back={{ to: link(['actors']), name: text.value.pages.actors }}
      >
        {data && <Tools of={data} path={path} reload={reload} />}
      </PageHead>
      <Asked of={polled} />
      {data && (
        <div class="detail">
          <Card class="detail-facts">
            <Facts of={figuresOf(data)} />
          </Card>
          <div class="stack">
            <Snapshot of={data} />
            <ActorTrace kind={kind} id={id} />
            <Card title={t.stories}>
              <Stories of={data.stories} empty={t.storiesNone} />
            </Card>
          </div>
        </div>
      )}
    </>
  );
}
