// Arithmetic on metric samples, as Prometheus does it. Pure. What is not there is null, never 0:
// an operator must be able to tell "none wait" from "nobody knows".
import type { Labels, Sample } from '../api/types';

/** Samples by the name of their metric: a page asks for some of them only, but every second. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

export function byName(all: readonly Sample[]): Samples {
  const found = new Map<string, Sample[]>();
  for (const one of all) {
    const same = found.get(one.name);
    if (same) same.push(one);
    else found.set(one.name, [one]);
  }
  return found;
}

/** Whether a sample carries these labels, among others. */
export const carries = (sample: Sample, labels: Labels): boolean =>
  Object.entries(labels).every(([name, value]) => sample.labels[name] === value);

export const select = (samples: Samples, name: string, labels: Labels = {}): Sample[] =>
  (samples.get(name) ?? []).filter((one) => carries(one, labels));

export function sum(samples: Samples, name: string, labels: Labels = {}): number | null {
  const found = select(samples, name, labels);
  return found.length ? found.reduce((total, one) => total + one.value, 0) : null;
}

/** The values a label has, in the samples' order. */
export const valuesOf = (samples: Samples, name: string, label: string): string[] => [
  ...new Set(select(samples, name).flatMap((one) => one.labels[label] ?? [])),
];

/** Growth from each value to the next; null where one is missing or a counter began again. */
export const windowed = (values: readonly (number | null)[]): (number | null)[] =>
  values.slice(1).map((value, i) => {
    const before = values[i] ?? null;
    return value === null || before === null || value < before ? null : value - before;
  });

export interface Bucket {
  le: number;
  count: number;
}

/** A histogram's cumulative buckets, ascending, those of all matching samples together. */
export function buckets(samples: Samples, histogram: string, labels: Labels = {}): Bucket[] {
  const counts = new Map<number, number>();
  for (const one of select(samples, `${histogram}_bucket`, labels)) {
    const le = one.labels['le'] === '+Inf' ? Infinity : Number(one.labels['le']);
    counts.set(le, (counts.get(le) ?? 0) + one.value);
  }
  return [...counts].map(([le, count]) => ({ le, count })).sort((a, b) => a.le - b.le);
}

/** What came to each bucket since `before`. */
export const since = (now: readonly Bucket[], before: readonly Bucket[]): Bucket[] =>
  now.map(({ le, count }) => ({
    le,
    count: Math.max(0, count - (before.find((one) => one.le === le)?.count ?? 0)),
  }));

/**
 * histogram_quantile: linear within the bucket that holds the rank; the last finite bound when the
 * rank lies beyond it; null when nothing was observed.
 */
export function quantile(q: number, sorted: readonly Bucket[]): number | null {
  const total = sorted.at(-1)?.count ?? 0;
  if (sorted.length < 2 || total <= 0) return null;
  const rank = q * total;
  const at = sorted.findIndex((one) => one.count >= rank);
  const bucket = sorted[at]!;
  const below = sorted[at - 1];
  if (bucket.le === Infinity) return below!.le;
  const floor = below?.le ?? 0;
  if (!below && bucket.le <= 0) return bucket.le;
  const under = below?.count ?? 0;
  const held = bucket.count - under;
  return held > 0 ? floor + ((bucket.le - floor) * (rank - under)) / held : bucket.le;
}
