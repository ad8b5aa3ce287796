// Calls, newest first, by telephone number and status.
import type { Call, Service } from '../api/types';
import { text, word } from '../i18n';
import { count, NOTHING, position } from '../lib/format';
import { link } from '../lib/router';
import { Phase } from '../ui/badge';
import { Filter } from '../ui/filter';
import { Card, PageHead, Pager, Segments, Time } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Table, type Column } from '../ui/table';

const STATUSES = ['호출', '호출중', '호출확정', '호출취소'];
const SIZE = 20;

interface CallPageData {
  calls: Call[];
  total: number;
  page: number;
  size: number;
}

export const classOf = (one: Call): string =>
  word(text.value.classes, one.parcelType ?? one.taxiClass ?? NOTHING);

function columns(service: Service): Column<Call>[] {
  const t = text.value.calls;
  return [
    { head: t.number, cell: (one) => <a href={link(['calls', service, one.id])}>{one.id}</a> },
    { head: t.phase, cell: (one) => <Phase of={one.phase} /> },
    { head: t.tel, cell: (one) => <span class="num">{one.tel}</span> },
    { head: t.place, cell: (one) => one.location ?? position(one) },
    {
      head: t.courier,
      cell: (one) =>
        one.courier ? <a href={link(['couriers', one.courier.id])}>{one.courier.name}</a> : '–',
    },
    { head: t.class, cell: classOf },
    { head: t.cost, cell: (one) => count(one.cost), number: true },
    { head: t.created, cell: (one) => <Time at={one.createdAt} />, number: true },
  ];
}

export function Calls({
  service: named,
  query,
}: {
  service: string | undefined;
  query: URLSearchParams;
}) {
  const t = text.value.calls;
  const service: Service = named === 'taxi' ? 'taxi' : 'pickup';
  const [tel, status] = [query.get('tel') ?? '', query.get('status') ?? ''];
  const page = Math.max(0, Number(query.get('page')) || 0);
  const asked = { service, tel, status, page, size: SIZE };
  const polled = usePoll<CallPageData>('/admin/calls', asked, 2_000);
  const { data } = polled;
  const to = (change: object): string => link(['calls', service], { tel, status, ...change });
  return (
    <>
      <PageHead title={text.value.pages.calls}>
        <Segments
          label={t.service}
          chosen={service}
          choices={(['pickup', 'taxi'] as const).map((key) => ({
            key,
            name: t[key],
            to: link(['calls', key], { tel, status }),
          }))}
        />
      </PageHead>
      <div class="filters">
        <Segments
          label={t.status}
          chosen={status}
          choices={[
            { key: '', name: t.all, to: to({ status: '' }) },
            ...STATUSES.map((key) => ({
              key,
              name: word(text.value.statuses, key),
              to: to({ status: key }),
            })),
          ]}
        />
        <Filter
          label={t.filter}
          value={tel}
          to={(value) => to({ tel: value.replace(/[\s-]/g, '') })}
        />
      </div>
      <Card>
        <Table
          label={text.value.pages.calls}
          rows={data?.calls ?? null}
          columns={columns(service)}
          keyOf={(one) => one.id}
          empty={t.none}
          from={polled}
        />
        <footer class="card-foot">
          <span class="quiet num">{data && t.total(count(data.total))}</span>
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
