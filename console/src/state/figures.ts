// The latest figures of the feed, and those of the last minutes for what is drawn over time.
import { computed, signal } from '@preact/signals';
import type { Figures, Labels, Sample } from '../api/types';
import { sum, windowed } from '../lib/samples';

// Five minutes at one a second.
const KEPT = 300;

export const figures = signal<Figures | null>(null);
export const past = signal<readonly Figures[]>([]);

export function remember(now: Figures): void {
  const before = past.value.at(-1);
  // Another life of the server: its counters began again, what came before says nothing.
  const kept = before && before.startedAt === now.startedAt ? past.value : [];
  past.value = [...kept, now].slice(-KEPT);
  figures.value = now;
}

export const samples = computed<readonly Sample[]>(() => figures.value?.metrics ?? []);

/** By how much a counter grew each second, over the last `over` samples; null before two came. */
export function rate(name: string, labels: Labels = {}, over = 5): number | null {
  const window = past.value.slice(-1 - over);
  const [first, last] = [window[0], window.at(-1)];
  if (!first || !last || first === last) return null;
  const seconds = (Date.parse(last.at) - Date.parse(first.at)) / 1000;
  const from = sum(first.metrics, name, labels);
  const to = sum(last.metrics, name, labels);
  return from === null || to === null || seconds <= 0 ? null : Math.max(0, to - from) / seconds;
}

/** A counter's growth each second, sample by sample, for a chart: seconds, and values. */
export function rates(name: string, labels: Labels = {}): [number[], (number | null)[]] {
  const kept = past.value;
  const times = kept.slice(1).map((one) => Date.parse(one.at) / 1000);
  const values = windowed(kept.map((one) => sum(one.metrics, name, labels)));
  const steps = kept.slice(1).map((one, i) => Date.parse(one.at) - Date.parse(kept[i]!.at));
  return [times, values.map((v, i) => (v === null || !steps[i] ? null : (v * 1000) / steps[i]!))];
}
