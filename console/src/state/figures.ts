// The latest figures of the feed, and of some of them those of the last minutes.
import { computed } from '@preact/signals';
import { perSession } from '../api/session';
import type { Figures, Labels } from '../api/types';
import { byName, sum, windowed, type Samples } from '../lib/samples';

/** What is drawn over time. Only of these the past is kept: of all it would be tens of megabytes. */
const KEPT_METRICS = [
  'pickupd_actor_restarts_total',
  'pickupd_calls_confirmed',
  'pickupd_calls_created_total',
  'pickupd_calls_refused_total',
  'pickupd_calls_waiting',
  'pickupd_couriers_free',
  'pickupd_http_requests_total',
  'pickupd_journal_commits_total',
  'pickupd_mailbox_wait_seconds',
  'pickupd_messages_backlog',
  'pickupd_operator_cpu_seconds_total',
] as const;
export type KeptMetric = (typeof KEPT_METRICS)[number];

const keptNames: ReadonlySet<string> = new Set(
  KEPT_METRICS.flatMap((name) => [name, `${name}_bucket`]),
);

/** What was kept of one set of figures. */
export interface Moment {
  at: number;
  startedAt: string | null;
  samples: Samples;
}

// Five minutes at one a second.
const KEPT = 300;
// Longer than this nobody told anything: what lies between is not known second by second.
const GAP = 2_500;

export const figures = perSession<Figures | null>(null);
export const past = perSession<readonly Moment[]>([]);
export const samples = computed<Samples>(() => byName(figures.value?.metrics ?? []));

export function remember(now: Figures): void {
  const before = past.value.at(-1);
  // Another life of the server: its counters began again, what came before says nothing.
  const kept = before && before.startedAt === now.startedAt ? past.value : [];
  const moment = {
    at: Date.parse(now.at),
    startedAt: now.startedAt,
    samples: byName(now.metrics.filter((one) => keptNames.has(one.name))),
  };
  past.value = [...kept, moment].slice(-KEPT);
  figures.value = now;
}

/** Whether nothing was told for a while before this moment, the first one too. */
export const afterGap = (kept: readonly Moment[], i: number): boolean =>
  i === 0 || kept[i]!.at - kept[i - 1]!.at > GAP;

/**
 * By how much a counter grew each second, over the last `over` samples without a gap; null before
 * two came.
 */
export function rate(name: KeptMetric, labels: Labels = {}, over = 5): number | null {
  const kept = past.value.slice(-1 - over);
  const whole = kept.slice(Math.max(0, ...kept.map((_, i) => (afterGap(kept, i) ? i : 0))));
  const [first, last] = [whole[0], whole.at(-1)];
  if (!first || !last || first === last) return null;
  const from = sum(first.samples, name, labels);
  const to = sum(last.samples, name, labels);
  const seconds = (last.at - first.at) / 1000;
  return from === null || to === null || seconds <= 0 ? null : Math.max(0, to - from) / seconds;
}

/**
 * A counter's growth each second, sample by sample, for a chart: seconds, and values; null after
 * a gap, where the line breaks.
 */
export function rates(name: KeptMetric, labels: Labels = {}): [number[], (number | null)[]] {
  const kept = past.value;
  const grown = windowed(kept.map((one) => sum(one.samples, name, labels)));
  const values = grown.map((by, i) => {
    const step = kept[i + 1]!.at - kept[i]!.at;
    return by === null || step <= 0 || afterGap(kept, i + 1) ? null : (by * 1000) / step;
  });
  return [kept.slice(1).map((one) => one.at / 1000), values];
}
