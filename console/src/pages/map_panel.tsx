// Beside the map: what was chosen, and lists of what can be, for those who do not point.
import { useState } from 'preact/hooks';
import { segment } from '../api/client';
import type { Call, Courier, MapData, Service } from '../api/types';
import { text } from '../i18n';
import { count, metres, position, shownOf } from '../lib/format';
import { link } from '../lib/router';
import { Phase, State } from '../ui/badge';
import { Asked, Facts, Time } from '../ui/parts';
import { usePoll } from '../ui/poll';

// More would not be read here; who wants them asks for them.
const LISTED = 30;

function ChosenCall({ service, id }: { service: Service; id: string }) {
  const t = text.value;
  const polled = usePoll<Call>(`/admin/calls/${service}/${segment(id)}`, {}, 3_000);
  const { data } = polled;
  if (!data) return <Asked of={polled} />;
  return (
    <>
      <Asked of={polled} />
      <Facts
        of={[
          [t.calls.phase, <Phase of={data.phase} />],
          [t.calls.place, data.location ?? position(data)],
          [t.calls.tel, <span class="num">{data.tel}</span>],
          [
            t.calls.courier,
            data.courier ? (
              <a href={link(['couriers', data.courier.id])}>{data.courier.name}</a>
            ) : (
              t.map.nobody
            ),
          ],
          [t.calls.distance, <span class="num">{metres(data.courier?.distance)}</span>],
          [t.calls.created, <Time at={data.createdAt} />],
        ]}
      />
      <a class="button" href={link(['calls', service, id])}>
        {t.map.open}
      </a>
    </>
  );
}

function ChosenCourier({ id }: { id: string }) {
  const t = text.value;
  const polled = usePoll<Courier>(`/admin/couriers/${segment(id)}`, {}, 3_000);
  const { data } = polled;
  if (!data) return <Asked of={polled} />;
  return (
    <>
      <Asked of={polled} />
      <Facts
        of={[
          [t.couriers.name, data.name],
          [t.couriers.state, <State of={data.state} />],
          [t.couriers.load, <span class="num">{count(data.load)}</span>],
          [t.couriers.vehicle, data.vehicle ?? '–'],
          [t.couriers.lastSeen, data.lastSeenAt ? <Time at={data.lastSeenAt} /> : '–'],
        ]}
      />
      <a class="button" href={link(['couriers', id])}>
        {t.map.open}
      </a>
    </>
  );
}

function List({
  title,
  items,
  total,
  chosen,
  choose,
}: {
  title: string;
  total: number;
  items: { key: string; name: string; state: preact.JSX.Element }[];
  chosen: string | null;
  choose: (key: string) => void;
}) {
  const [most, setMost] = useState(LISTED);
  return (
    <>
      <h2>
        {title} <span class="num quiet">{shownOf(items.length, total)}</span>
      </h2>
      <ul class="picks">
        {items.slice(0, most).map(({ key, name, state }) => (
          <li key={key}>
            <button class="ghost" aria-pressed={key === chosen} onClick={() => choose(key)}>
              <span>{name}</span>
              {state}
            </button>
          </li>
        ))}
      </ul>
      {items.length > most && (
        <button class="ghost" onClick={() => setMost(most + 10 * LISTED)}>
          {text.value.more(count(items.length - most))}
        </button>
      )}
    </>
  );
}

interface Props {
  data: MapData;
  service: Service;
  chosen: string | null;
  choose: (key: string | null) => void;
}

export function MapPanel({ data, service, chosen, choose }: Props) {
  const t = text.value;
  const [kind, id = ''] = (chosen ?? '').split(':');
  const calls = data.calls.map(({ n, phase }) => ({
    key: `call:${n}`,
    name: t.calls.title(n),
    state: <Phase of={phase} />,
  }));
  const couriers = data.couriers.map(({ id: courier, state }) => ({
    key: `courier:${courier}`,
    name: t.couriers.title(courier),
    state: <State of={state} />,
  }));
  return (
    <aside class="card map-panel" aria-label={t.map.pick}>
      {chosen ? (
        <>
          <header class="card-head">
            <h2>{kind === 'call' ? t.calls.title(id) : t.couriers.title(id)}</h2>
            <div class="card-tools">
              <button class="ghost" onClick={() => choose(null)}>
                {t.shell.close}
              </button>
            </div>
          </header>
          {kind === 'call' ? <ChosenCall service={service} id={id} /> : <ChosenCourier id={id} />}
        </>
      ) : (
        <p class="hint">{t.map.pick}</p>
      )}
      <List
        title={t.map.calls}
        items={calls}
        total={data.callTotal}
        chosen={chosen}
        choose={choose}
      />
      <List
        title={t.map.couriers}
        items={couriers}
        total={data.courierTotal}
        chosen={chosen}
        choose={choose}
      />
    </aside>
  );
}
