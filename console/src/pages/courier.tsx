// One courier: the record, where they are, and their shift.
import { useMemo } from 'preact/hooks';
import { segment } from '../api/client';
import type { Courier } from '../api/types';
import { text } from '../i18n';
import { position } from '../lib/format';
import { link } from '../lib/router';
import type { Marker } from '../map/draw';
import { courierMark } from '../map/marks';
import { everything } from '../map/seoul';
import { MapView } from '../map/view';
import { ActionButton } from '../ui/action';
import { State } from '../ui/badge';
import { Asked, Card, Facts, PageHead, Time } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { classesOf } from './couriers';
import { loadOf } from './explain';
import { ActorTrace } from './trace';

function Where({ of }: { of: Courier }) {
  const markers = useMemo<Marker[]>(
    () =>
      of.lat === null || of.lng === null
        ? []
        : [
            {
              key: `courier:${of.id}`,
              lat: of.lat,
              lng: of.lng,
              mark: courierMark(of.state),
              label: of.name,
            },
          ],
    [of.lat, of.lng, of.state, of.name],
  );
  return (
    <MapView
      label={text.value.couriers.place}
      markers={markers}
      around={[...everything, ...markers]}
    />
  );
}

export function CourierPage({ id }: { id: string }) {
  const t = text.value;
  const path = `/admin/couriers/${segment(id)}`;
  const polled = usePoll<Courier>(path, {}, 2_000);
  const { data, reload } = polled;
  const shift = data?.onShift ? 'off-shift' : 'on-shift';
  const object = t.couriers.title(id);
  return (
    <>
      <PageHead
        title={
          <>
            {data?.name ?? object} {data && <State of={data.state} />}
          </>
        }
        back={{ to: link(['couriers']), name: t.pages.couriers }}
      >
        {data && (
          <>
            {data.onShift && (
              <a class="button ghost" href={link(['actors', 'courier', id])}>
                {t.calls.actor}
              </a>
            )}
            <ActionButton
              name={t.calls.unmask}
              ask={{ path: `${path}/unmask`, action: 'unmask', object }}
            />
            <ActionButton
              name={data.onShift ? t.couriers.offShift : t.couriers.onShift}
              ask={{ path: `${path}/${shift}`, action: shift, object, done: reload }}
            />
          </>
        )}
      </PageHead>
      <Asked of={polled} />
      {data && (
        <div class="detail">
          <Card class="detail-facts">
            <Facts
              of={[
                [t.calls.number, <span class="num">{data.id}</span>],
                [t.calls.tel, <span class="num">{data.tel}</span>],
                [t.calls.service, t.calls[data.service]],
                [t.couriers.load, <span class="num">{loadOf(data)}</span>],
                [t.couriers.shift, data.onShift ? t.yes : t.no],
                [t.couriers.vehicle, data.vehicle ?? '–'],
                [t.couriers.classes, classesOf(data)],
                [
                  t.couriers.place,
                  data.lat === null || data.lng === null ? (
                    '–'
                  ) : (
                    <span class="num">{position({ lat: data.lat, lng: data.lng })}</span>
                  ),
                ],
                [t.couriers.lastSeen, data.lastSeenAt ? <Time at={data.lastSeenAt} /> : '–'],
              ]}
            />
          </Card>
          <div class="stack">
            <Card class="tall">
              <Where of={data} />
            </Card>
            <ActorTrace kind="courier" id={String(data.id)} />
          </div>
        </div>
      )}
    </>
  );
}
