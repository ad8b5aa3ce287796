// The couriers, as the dispatcher sees them.
import type { Courier } from '../api/types';
import { text, word } from '../i18n';
import { count } from '../lib/format';
import { link } from '../lib/router';
import { State } from '../ui/badge';
import { Filter } from '../ui/filter';
import { Card, PageHead, Pager, Segments, Time } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Table, type Column } from '../ui/table';
import { loadOf } from './explain';

const STATES = ['free', 'busy', 'full', 'off_shift', 'lost', 'unplaced'];
const SIZE = 20;

interface CourierPageData {
  couriers: Courier[];
  total: number;
}

export const classesOf = (one: Courier): string =>
  one.classes.map((name) => word(text.value.classes, name)).join(', ');

function columns(): Column<Courier>[] {
  const t = text.value.couriers;
  return [
    {
      head: text.value.calls.number,
      cell: (one) => <a href={link(['couriers', one.id])}>{one.id}</a>,
    },
    { head: t.name, cell: (one) => one.name },
    { head: t.state, cell: (one) => <State of={one.state} /> },
    { head: t.load, cell: loadOf, number: true },
    { head: text.value.calls.tel, cell: (one) => <span class="num">{one.tel}</span> },
    { head: t.vehicle, cell: (one) => one.vehicle ?? '–' },
    { head: t.classes, cell: classesOf },
    {
      head: t.lastSeen,
      cell: (one) => (one.lastSeenAt ? <Time at={one.lastSeenAt} /> : '–'),
      number: true,
    },
  ];
}

export function Couriers({ query }: { query: URLSearchParams }) {
  const t = text.value;
  const service = query.get('service') ?? '';
  const page = Math.max(0, Number(query.get('page')) || 0);
  const [state, q] = [query.get('state') ?? '', query.get('q') ?? ''];
  const asked = { service, state, q, page, size: SIZE };
  const polled = usePoll<CourierPageData>('/admin/couriers', asked, 2_000);
  const { data } = polled;
  const to = (change: object): string => link(['couriers'], { service, state, q, ...change });
  return (
    <>
      <PageHead title={t.pages.couriers}>
        <Segments
          label={t.calls.service}
          chosen={service}
          choices={[
            { key: '', name: t.calls.all, to: to({ service: '' }) },
            ...(['pickup', 'taxi'] as const).map((key) => ({
              key,
              name: t.calls[key],
              to: to({ service: key }),
            })),
          ]}
        />
      </PageHead>
      <div class="filters">
        <Segments
          label={t.couriers.state}
          chosen={state}
          choices={['', ...STATES].map((key) => ({
            key,
            name: key ? word(t.states, key) : t.calls.all,
            to: to({ state: key }),
          }))}
        />
        <Filter label={t.couriers.filter} value={q} to={(value) => to({ q: value })} />
      </div>
      <Card>
        <Table
          label={t.pages.couriers}
          rows={data?.couriers ?? null}
          columns={columns()}
          keyOf={(one) => one.id}
          empty={q || state ? t.couriers.noneSuch : t.couriers.none}
          from={polled}
        />
        <footer class="card-foot">
          <span class="quiet num">{data && t.couriers.total(count(data.total))}</span>
          <Pager
            page={page}
            size={SIZE}
            total={data?.total ?? 0}
            to={(n) => to({ page: n || '' })}
          />
        </footer>
      </Card>
    </>
  );
}
