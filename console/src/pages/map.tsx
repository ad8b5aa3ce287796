// Where couriers and calls are, now.
import { useMemo, useState } from 'preact/hooks';
import type { MapData, Service } from '../api/types';
import { text, word } from '../i18n';
import { count } from '../lib/format';
import { link } from '../lib/router';
import type { Marker } from '../map/draw';
import { MapView } from '../map/view';
import { PageHead, Segments, Trouble } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { MapPanel } from './map_panel';

const COURIERS: Record<string, string> = {
  free: 'mark-free',
  busy: 'mark-busy',
  full: 'mark-full',
  lost: 'mark-lost',
  off_shift: 'mark-off',
};
const WAITING = new Set(['REQUESTED', 'DISPATCHING']);

export const courierColour = (state: string): string => COURIERS[state] ?? 'mark-off';
export const callColour = (phase: string): string =>
  WAITING.has(phase) ? 'mark-waiting' : 'mark-confirmed';

/** What the map shows of each: a kind of courier, or calls with or without one. */
function groupsOf(data: MapData): Map<string, Marker[]> {
  const groups = new Map<string, Marker[]>();
  const add = (group: string, marker: Marker): void => {
    const all = groups.get(group);
    if (all) all.push(marker);
    else groups.set(group, [marker]);
  };
  for (const { id, lat, lng, state } of data.couriers)
    add(state, { key: `courier:${id}`, lat, lng, shape: 'courier', colour: courierColour(state) });
  for (const { n, lat, lng, phase } of data.calls)
    add(WAITING.has(phase) ? 'DISPATCHING' : 'CONFIRMED', {
      key: `call:${n}`,
      lat,
      lng,
      shape: 'call',
      colour: callColour(phase),
    });
  return groups;
}

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
        const { shape, colour } = markers[0]!;
        return (
          <button key={group} aria-pressed={!hidden.has(group)} onClick={() => toggle(group)}>
            <i class={`mark ${shape} ${colour}`} aria-hidden="true" />
            {shape === 'call' ? `${text.value.pages.calls}: ` : ''}
            {word({ ...text.value.states, ...text.value.phases }, group)}
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

const EMPTY: MapData = { couriers: [], calls: [], truncated: false };

export function LiveMap({ query }: { query: URLSearchParams }) {
  const t = text.value;
  const service: Service = query.get('service') === 'taxi' ? 'taxi' : 'pickup';
  const { data, error } = usePoll<MapData>('/admin/map', { service }, 2_000);
  const [chosen, choose] = useState<string | null>(null);
  const [hidden, hide] = useState<ReadonlySet<string>>(new Set());
  const seen = data ?? EMPTY;
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
      <Trouble say={error} />
      <Legend groups={groups} hidden={hidden} toggle={toggle} />
      <div class="map-split">
        <MapView
          label={t.map.label}
          markers={markers}
          lines={linesOf(seen, chosen)}
          chosen={chosen}
          onPick={choose}
        />
        <MapPanel data={seen} service={service} chosen={chosen} choose={choose} />
      </div>
      <p class="hint">
        {t.map.hint} {seen.truncated && t.map.truncated}
      </p>
    </div>
  );
}
