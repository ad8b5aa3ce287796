// Where couriers and calls are, now.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MapData, Service } from '../api/types';
import { text, word } from '../i18n';
import { count, shownOf } from '../lib/format';
import { link } from '../lib/router';
import type { Marker } from '../map/draw';
import { MarkSign } from '../map/mark';
import { callMark, courierMark } from '../map/marks';
import type { Box, Place } from '../map/projection';
import { MapView } from '../map/view';
import { Asked, PageHead, Segments } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { MapPanel } from './map_panel';

/** What the map shows of each: a kind of courier, or calls with or without one. */
function groupsOf(data: MapData): Map<string, Marker[]> {
  const groups = new Map<string, Marker[]>();
  const add = (group: string, marker: Marker): void => {
    const all = groups.get(group);
    if (all) all.push(marker);
    else groups.set(group, [marker]);
  };
  for (const { id, lat, lng, state } of data.couriers)
    add(state, { key: `courier:${id}`, lat, lng, mark: courierMark(state) });
  for (const { n, lat, lng, phase } of data.calls) {
    const mark = callMark(phase);
    add(mark === 'waiting' ? 'DISPATCHING' : 'CONFIRMED', { key: `call:${n}`, lat, lng, mark });
  }
  return groups;
}

// The last lie above the others.
const ORDER = ['off_shift', 'lost', 'full', 'busy', 'free', 'CONFIRMED', 'DISPATCHING'];

function Legend({
  groups,
  hidden,
  toggle,
}: {
  groups: Map<string, Marker[]>;
  hidden: ReadonlySet<string>;
  toggle: (group: string) => void;
}) {
  return (
    <div class="legend">
      {[...ORDER].reverse().map((group) => {
        const markers = groups.get(group);
        if (!markers) return null;
        return (
          <button key={group} aria-pressed={!hidden.has(group)} onClick={() => toggle(group)}>
            <MarkSign of={markers[0]!.mark} />
            {word({ ...text.value.states, ...text.value.map.groups }, group)}{' '}
            <span class="num quiet">{count(markers.length)}</span>
          </button>
        );
      })}
    </div>
  );
}

/** The way between a chosen courier and their calls, or a chosen call and its courier. */
function linesOf(data: MapData, chosen: string | null) {
  const [kind, id] = (chosen ?? '').split(':');
  const couriers = new Map(data.couriers.map((one) => [one.id, one]));
  return data.calls
    .filter((one) => (kind === 'call' ? String(one.n) === id : String(one.courierId) === id))
    .flatMap((one) => {
      const courier = one.courierId === null ? undefined : couriers.get(one.courierId);
      return courier ? [[one, courier] as const] : [];
    });
}

const EMPTY: MapData = { couriers: [], calls: [], courierTotal: 0, callTotal: 0, truncated: false };

/**
 * Everything there is, as long as that is not too much; of more, what lies where one looks. While
 * another place is asked for, what was known stays. `all` is what was known of everywhere.
 */
function useMapData(service: Service) {
  const [box, setBox] = useState<Box | null>(null);
  const [large, setLarge] = useState(false);
  const polled = usePoll<MapData>('/admin/map', { service, ...(large && box) }, 2_000);
  const known = useRef(EMPTY);
  const all = useRef<readonly Place[]>([]);
  if (polled.data) known.current = polled.data;
  if (polled.data && !large) all.current = [...polled.data.couriers, ...polled.data.calls];
  const cut = polled.data?.truncated ?? false;
  useEffect(() => {
    if (cut) setLarge(true);
  }, [cut]);
  return { polled, seen: known.current, all: all.current, setBox };
}

export function LiveMap({ query }: { query: URLSearchParams }) {
  const t = text.value;
  const service: Service = query.get('service') === 'taxi' ? 'taxi' : 'pickup';
  const { polled, seen, all, setBox } = useMapData(service);
  const [chosen, choose] = useState<string | null>(null);
  const [hidden, hide] = useState<ReadonlySet<string>>(new Set());
  const groups = useMemo(() => groupsOf(seen), [seen]);
  const markers = useMemo(
    () => ORDER.flatMap((group) => (hidden.has(group) ? [] : (groups.get(group) ?? []))),
    [groups, hidden],
  );
  const toggle = (group: string): void => {
    const next = new Set(hidden);
    if (!next.delete(group)) next.add(group);
    hide(next);
  };
  return (
    <div class="map-page">
      <PageHead title={t.pages.map}>
        <Segments
          label={t.calls.service}
          chosen={service}
          choices={(['pickup', 'taxi'] as const).map((key) => ({
            key,
            name: t.calls[key],
            to: link(['map'], { service: key }),
          }))}
        />
      </PageHead>
      {/* Of another place than before nothing is told, and all that was known stays. */}
      <Asked of={{ ...polled, data: seen === EMPTY ? null : seen }} />
      {seen.truncated && (
        <p class="hint" role="status">
          {t.map.truncated(
            shownOf(seen.couriers.length, seen.courierTotal),
            shownOf(seen.calls.length, seen.callTotal),
          )}
        </p>
      )}
      <Legend groups={groups} hidden={hidden} toggle={toggle} />
      <div class="map-split">
        <MapView
          label={t.map.label}
          markers={markers}
          lines={linesOf(seen, chosen)}
          chosen={chosen}
          all={all}
          onBox={setBox}
          onPick={choose}
        />
        <MapPanel data={seen} service={service} chosen={chosen} choose={choose} />
      </div>
      <p class="hint">{t.map.hint}</p>
    </div>
  );
}
