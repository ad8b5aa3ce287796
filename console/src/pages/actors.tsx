// The actors: as a tree of who supervises whom, or the busiest first.
import type { Actor, ActorList } from '../api/types';
import { text, word } from '../i18n';
import { count, duration } from '../lib/format';
import { actorLink, go, link } from '../lib/router';
import { Running, State } from '../ui/badge';
import { Card, PageHead, Segments } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Table, type Column } from '../ui/table';
import { Tree } from './tree';

const KINDS = ['call', 'courier', 'dispatcher', 'ledger', 'notifier'];
const WINDOWS = ['', '1s', '5s', '30s'];

function columns(): Column<Actor>[] {
  const [t, o] = [text.value.actors, text.value.overview];
  return [
    {
      head: t.id,
      cell: (one) => (
        <a href={actorLink(one)}>
          {one.kind} {one.id}
        </a>
      ),
    },
    { head: text.value.couriers.state, cell: (one) => <State of={one.state} /> },
    { head: o.depth, cell: (one) => count(one.depth), number: true },
    { head: o.highWater, cell: (one) => count(one.highWater), number: true },
    { head: t.messages, cell: (one) => count(one.messages), number: true },
    { head: o.wait, cell: (one) => duration(one.wait?.p99Ms), number: true },
    { head: o.handler, cell: (one) => duration(one.handler?.p99Ms), number: true },
    { head: o.rejected, cell: (one) => count(one.rejected), number: true },
    { head: text.value.supervision.restarts, cell: (one) => count(one.restarts), number: true },
    {
      head: t.running,
      cell: (one) => <Running now={one.running} />,
    },
  ];
}

function Pick({
  label,
  value,
  of,
  to,
}: {
  label: string;
  value: string;
  of: readonly (readonly [string, string])[];
  to: (value: string) => string;
}) {
  return (
    <label class="pick">
      <span class="hint">{label}</span>
      <select value={value} onChange={(e) => go(to(e.currentTarget.value))}>
        {of.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Top({ query }: { query: URLSearchParams }) {
  const t = text.value.actors;
  const kind = query.get('kind') ?? '';
  const sort = query.get('sort') ?? 'messages';
  const window = query.get('window') ?? '';
  const asked = { kind, sort, window, limit: 50 };
  // With a window the request itself takes that long.
  const takes = 1_000 * (parseInt(window, 10) || 0);
  const polled = usePoll<ActorList>('/admin/actors', asked, takes ? 100 : 1_500, takes);
  const { data } = polled;
  const to = (change: object): string => link(['actors', 'top'], { kind, sort, window, ...change });
  return (
    <>
      <div class="filters">
        <Pick
          label={t.sort}
          value={sort}
          of={Object.entries(text.value.sorts)}
          to={(value) => to({ sort: value })}
        />
        <Pick
          label={t.kind}
          value={kind}
          of={[['', text.value.calls.all], ...KINDS.map((one) => [one, one] as const)]}
          to={(value) => to({ kind: value })}
        />
        <Pick
          label={t.window}
          value={window}
          of={WINDOWS.map((one) => [one, one || t.sinceWatched] as const)}
          to={(value) => to({ window: value })}
        />
      </div>
      <Card>
        <Table
          label={t.top}
          rows={data?.actors ?? null}
          columns={columns()}
          keyOf={(one) => `${one.kind} ${one.id}`}
          empty={t.none}
          from={polled}
        />
        <footer class="card-foot">
          <span class="quiet num">
            {data &&
              `${t.shown(count(data.actors.length), count(data.total))} · ${t.took(duration(data.tookMs))}`}
          </span>
        </footer>
      </Card>
    </>
  );
}

export function Actors({ tab, query }: { tab: string | undefined; query: URLSearchParams }) {
  const t = text.value.actors;
  const chosen = tab === 'top' ? 'top' : 'tree';
  return (
    <>
      <PageHead title={text.value.pages.actors}>
        <Segments
          label={text.value.pages.actors}
          chosen={chosen}
          choices={(['tree', 'top'] as const).map((key) => ({
            key,
            name: word({ tree: t.tree, top: t.top }, key),
            to: link(['actors', key]),
          }))}
        />
      </PageHead>
      {chosen === 'top' ? <Top query={query} /> : <Tree />}
    </>
  );
}
