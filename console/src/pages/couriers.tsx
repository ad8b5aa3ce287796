// The couriers, as the dispatcher sees them.
import type { Courier } from '../api/types';
import { text } from '../i18n';
import { count } from '../lib/format';
import { link } from '../lib/router';
import { State } from '../ui/badge';
import { Card, PageHead, Pager, Segments, Time } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Table, type Column } from '../ui/table';
import { loadOf } from './explain';

const SIZE = 20;

interface CourierPageData {
  couriers: Courier[];
  total: number;
}

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
    { head: text.value.calls.tel, cell: (one) => <span class="num">{one.tel}</span>, wide: true },
    { head: t.vehicle, cell: (one) => one.vehicle ?? '–', wide: true },
    { head: t.classes, cell: (one) => one.classes.join(', '), wide: true },
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
  const asked = { service, page, size: SIZE };
  const { data, error } = usePoll<CourierPageData>('/admin/couriers', asked, 2_000);
  return (
    <>
      <PageHead title={t.pages.couriers}>
        <Segments
          label={t.calls.service}
          chosen={service}
          choices={[
            { key: '', name: t.calls.all, to: link(['couriers']) },
            ...(['pickup', 'taxi'] as const).map((key) => ({
              key,
              name: t.calls[key],
              to: link(['couriers'], { service: key }),
            })),
          ]}
        />
      </PageHead>
      <Card>
        <Table
          label={t.pages.couriers}
          rows={data?.couriers ?? null}
          columns={columns()}
          keyOf={(one) => one.id}
          empty={t.couriers.none}
          error={error}
        />
        <footer class="card-foot">
          <span class="quiet num">{data && t.couriers.total(count(data.total))}</span>
          <Pager
            page={page}
            size={SIZE}
            total={data?.total ?? 0}
            to={(n) => link(['couriers'], { service, page: n || '' })}
          />
        </footer>
      </Card>
    </>
  );
}
