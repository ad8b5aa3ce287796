// Why a call got the courier it has: whom the dispatcher considered, and why not the others.
import { segment } from '../api/client';
import type { Considered, Explanation } from '../api/types';
import { text, word } from '../i18n';
import { count, metres } from '../lib/format';
import { link } from '../lib/router';
import type { Marker } from '../map/draw';
import { MapView } from '../map/view';
import { Badge, toneOf } from '../ui/badge';
import { Asked, Time } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Table, type Column } from '../ui/table';

const ABLE = new Set(['farther', 'more_loaded', 'idle_shorter', 'higher_id']);

// A courier of unlimited capacity has a very large one.
const UNLIMITED = 100_000;

export const loadOf = (one: { load: number; capacity: number }): string =>
  one.capacity >= UNLIMITED ? count(one.load) : `${count(one.load)} / ${count(one.capacity)}`;

function columns(of: Explanation): Column<Considered>[] {
  const t = text.value.explain;
  return [
    {
      head: text.value.calls.courier,
      cell: (one) => <a href={link(['couriers', one.courierId])}>{one.courierId}</a>,
    },
    {
      head: t.verdict,
      cell: (one) => <Badge tone={toneOf(one.verdict)}>{word(t.verdicts, one.verdict)}</Badge>,
    },
    { head: text.value.calls.distance, cell: (one) => metres(one.distance), number: true },
    { head: t.load, cell: loadOf, number: true },
    {
      head: t.idle,
      cell: (one) => (one.idleSince ? <Time at={one.idleSince} /> : '–'),
    },
    { head: t.why, cell: (one) => text.value.told.why(of, one), wrap: true },
  ];
}

function Where({ of }: { of: Explanation }) {
  const placed = of.considered.filter((one) => one.lat !== null && one.lng !== null);
  const markers: Marker[] = [
    ...placed.map((one): Marker => ({
      key: `courier:${one.courierId}`,
      lat: one.lat,
      lng: one.lng,
      mark: one.verdict === 'chosen' ? 'free' : ABLE.has(one.verdict) ? 'busy' : 'off',
      label: String(one.courierId),
    })),
    { key: 'call', lat: of.lat, lng: of.lng, mark: 'waiting' },
  ];
  const chosen = placed.find((one) => one.verdict === 'chosen');
  return (
    <MapView
      label={text.value.explain.map}
      markers={markers}
      around={markers}
      lines={chosen ? [[of, chosen]] : []}
    />
  );
}

function One({ of }: { of: Explanation }) {
  const t = text.value.explain;
  return (
    <section class="explanation" aria-label={t.assignment(of.assignment)}>
      <header>
        <h3>{t.assignment(of.assignment)}</h3>
        <Time at={of.at} />
        <p class="hint">{of.how === 'oldest_call' ? t.oldest : t.nearest}</p>
      </header>
      <Where of={of} />
      <Table
        label={t.considered}
        rows={of.considered}
        columns={columns(of)}
        keyOf={(one) => one.courierId}
        empty={text.value.nothing}
      />
    </section>
  );
}

export function Explain({ service, id }: { service: string; id: string }) {
  const path = `/${service === 'taxi' ? 'taxi' : 'pickup'}calls/${segment(id)}/explain`;
  const polled = usePoll<{ explanations: Explanation[] }>(path, {}, 5_000);
  const { data } = polled;
  if (!data) return <Asked of={polled} />;
  if (!data.explanations.length) return <p class="quiet pad">{text.value.explain.none}</p>;
  return (
    <>
      <Asked of={polled} />
      {[...data.explanations].reverse().map((one) => (
        <One key={one.assignment} of={one} />
      ))}
    </>
  );
}
