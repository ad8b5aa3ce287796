// A strip of seconds, each as hot as the time messages waited in it: a mailbox that fills shows as
// a streak before any figure is large.
import type { Labels } from '../api/types';
import { duration } from '../lib/format';
import { buckets, quantile, since } from '../lib/samples';
import { past } from '../state/figures';

const CELLS = 60;

/** 0 (nothing waited) to 5; each step is three times as long as the one before, from 0.3 ms. */
export const heatOf = (ms: number | null): number =>
  ms === null ? 0 : Math.min(5, Math.max(1, 1 + Math.ceil(Math.log(ms / 0.3) / Math.log(3))));

export function Heat({ metric, labels }: { metric: string; labels: Labels }) {
  const kept = past.value.slice(-CELLS - 1);
  const held = kept.map((one) => buckets(one.metrics, metric, labels));
  const cells = held.slice(1).map((now, i) => {
    const seconds = quantile(0.99, since(now, held[i]!));
    return seconds === null ? null : seconds * 1000;
  });
  const worst = Math.max(0, ...cells.map((ms) => ms ?? 0));
  return (
    <svg
      class="heat"
      viewBox={`0 0 ${CELLS} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={duration(worst)}
    >
      {cells.map((ms, i) => (
        <rect
          key={i}
          x={CELLS - cells.length + i}
          width="0.82"
          height="1"
          class={`heat-${heatOf(ms)}`}
        />
      ))}
    </svg>
  );
}
