// One call: what it is now, how it came to be so, and what an operator may do about it.
import { segment } from '../api/client';
import type { CallDetail, Timeline, TimelineEvent } from '../api/types';
import { text, word } from '../i18n';
import { count, metres, position } from '../lib/format';
import { actorLink, link } from '../lib/router';
import { ActionButton } from '../ui/action';
import { Badge, Phase } from '../ui/badge';
import { Asked, Card, Facts, PageHead, Segments, Time } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Table } from '../ui/table';
import { classOf } from './calls';
import { Explain } from './explain';
import { ActorTrace } from './trace';

const ENDED = new Set(['COMPLETED', 'CANCELED', 'UNFULFILLED', 'PICKUP_FAILED']);
const REASSIGNABLE = new Set(['CONFIRMED', 'ARRIVED']);

function factsOf(call: CallDetail) {
  const t = text.value.calls;
  const place = call.location ?? position(call);
  return [
    [t.status, word(text.value.statuses, call.status)],
    [t.tel, <span class="num">{call.tel}</span>],
    [t.place, place],
    [t.service, t[call.service]],
    [t.class, classOf(call)],
    [
      t.courier,
      call.courier ? (
        <>
          <a href={link(['couriers', call.courier.id])}>{call.courier.name}</a>{' '}
          <span class="quiet num">{metres(call.courier.distance)}</span>
        </>
      ) : (
        '–'
      ),
    ],
    [t.cost, <span class="num">{count(call.cost)}</span>],
    [t.memo, call.memo ?? '–'],
    [t.created, <Time at={call.createdAt} />],
    [t.updated, <Time at={call.updatedAt} />],
    ...(call.pickupAt ? [[t.pickupAt, <Time at={call.pickupAt} />] as const] : []),
    [t.position, <span class="num">{count(call.seq)}</span>],
    [t.correlation, <code>{call.correlationId}</code>],
  ] as const;
}

function Tools({ call, reload }: { call: CallDetail; reload: () => void }) {
  const t = text.value.calls;
  const path = `/admin/calls/${call.service}/${call.id}`;
  // As the audit will name it.
  const object = `call ${call.service}:${call.id}`;
  return (
    <>
      <ActionButton
        name={t.unmask}
        ask={{ path: `${path}/unmask`, action: 'unmask', object, done: reload }}
      />
      {REASSIGNABLE.has(call.phase) && (
        <ActionButton
          name={t.reassign}
          ask={{
            path: `${path}/reassign`,
            action: 'reassign',
            object,
            field: 'reason',
            done: reload,
          }}
        />
      )}
      {!ENDED.has(call.phase) && (
        <ActionButton
          name={t.cancel}
          ask={{ path: `${path}/cancel`, action: 'cancel', object, field: 'reason', done: reload }}
        />
      )}
    </>
  );
}

interface EventsProps {
  path: string;
  /** Of which request alone: its correlation id. */
  only: string;
  linkOf: (correlation: string) => string;
}

function Happening({ of }: { of: TimelineEvent }) {
  const { title, detail } = text.value.told.event(of);
  return (
    <>
      <strong>{title}</strong>
      <p class="hint">{detail}</p>
    </>
  );
}

function Events({ path, only, linkOf }: EventsProps) {
  const t = text.value;
  const polled = usePoll<Timeline>(`${path}/timeline`, {}, 2_000);
  const { data } = polled;
  if (!data) return <Asked of={polled} />;
  const events = data.events.filter((one) => !only || one.correlationId === only);
  return (
    <>
      <Asked of={polled} />
      {only && (
        <p class="filters">
          <span class="hint">{t.calls.onlyOf}</span> <code>{only}</code>
          <a class="button ghost" href={linkOf('')}>
            {t.calls.clear}
          </a>
        </p>
      )}
      <ol class="timeline">
        {events.map((one, i) => (
          <li key={`${one.at} ${i}`} class={`from-${one.source}`}>
            <Time at={one.at} fine />
            <Badge tone="quiet">{t.told.source(one.source)}</Badge>
            <div>
              <Happening of={one} />
              {one.correlationId && !only && (
                <a class="joins" href={linkOf(one.correlationId)} title={t.calls.onlyOf}>
                  <code>{one.correlationId}</code>
                </a>
              )}
            </div>
          </li>
        ))}
        {!events.length && <li class="quiet">{t.nothing}</li>}
      </ol>
    </>
  );
}

function History({ of }: { of: CallDetail }) {
  const t = text.value.calls;
  return (
    <Table
      label={t.history}
      rows={of.history.map((step, i) => ({ ...step, key: i }))}
      keyOf={(one) => one.key}
      empty={text.value.nothing}
      columns={[
        { head: t.at, cell: (one) => <Time at={one.at} fine /> },
        { head: t.event, cell: (one) => text.value.told.step(one.event) },
        { head: t.phase, cell: (one) => <Phase of={one.phase} /> },
        {
          head: t.courier,
          cell: (one) =>
            one.courier === null ? (
              '–'
            ) : (
              <a href={link(['couriers', one.courier])}>{one.courier}</a>
            ),
        },
        { head: t.distance, cell: (one) => metres(one.distance), number: true },
        {
          head: t.cause,
          cell: (one) => (one.cause === null ? '–' : text.value.told.cause(one.cause)),
        },
        { head: t.detail, cell: (one) => one.reason ?? '–', wrap: true },
      ]}
    />
  );
}

interface Props {
  service: string;
  id: string;
  query: URLSearchParams;
}

export function CallPage({ service, id, query }: Props) {
  const t = text.value.calls;
  const path = `/admin/calls/${segment(service)}/${segment(id)}`;
  const polled = usePoll<CallDetail>(path, {}, 2_000);
  const { data, reload } = polled;
  const title = t.whole(service === 'taxi' ? t.taxi : t.pickup, id);
  const tab = query.get('tab') ?? 'timeline';
  const tabs = ['timeline', 'history', 'explain'] as const;
  const actor = { kind: 'call', id: `${service}:${id}` };
  // Who has ended is known by what happened to them only.
  const restartsLink = link(['supervision'], { q: `call ${service}:${id}` });
  const live = data && !ENDED.has(data.phase);
  return (
    <>
      <PageHead
        title={
          <>
            {title} {data && <Phase of={data.phase} />}
          </>
        }
        back={{ to: link(['calls', service]), name: text.value.pages.calls }}
      >
        {data && (
          <a class="button ghost" href={live ? actorLink(actor) : restartsLink}>
            {live ? t.actor : t.restarts}
          </a>
        )}
        {data && <Tools call={data} reload={reload} />}
      </PageHead>
      <Asked of={polled} />
      {data && (
        <div class="detail">
          <Card class="detail-facts">
            <Facts of={factsOf(data)} />
          </Card>
          <div class="stack">
            <Card>
              <Segments
                label={title}
                chosen={tab}
                choices={tabs.map((key) => ({
                  key,
                  name: t[key],
                  to: link(['calls', service, id], { tab: key }),
                }))}
              />
              {tab === 'history' ? (
                <History of={data} />
              ) : tab === 'explain' ? (
                <Explain service={service} id={id} />
              ) : (
                <Events
                  path={path}
                  only={query.get('correlation') ?? ''}
                  linkOf={(correlation) => link(['calls', service, id], { correlation })}
                />
              )}
            </Card>
            <ActorTrace kind={actor.kind} id={actor.id} />
          </div>
        </div>
      )}
    </>
  );
}
