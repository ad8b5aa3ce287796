// A strip of seconds, each as hot as the time messages waited in it: a mailbox that fills shows as
// a streak before any figure is large.
import type { Labels } from '../api/types';
import { text } from '../i18n';
import { duration } from '../lib/format';
import { buckets, quantile, since } from '../lib/samples';
import { afterGap, past, type KeptMetric } from '../state/figures';

const CELLS = 60;
const FIRST = 0.3;
const TIMES = 3;
const HOTTEST = 5;

/** 0 (nothing waited) to 5; each step is three times as long as the one before, from 0.3 ms. */
export const heatOf = (ms: number | null): number =>
  ms === null
    ? 0
    : Math.min(HOTTEST, Math.max(1, 1 + Math.ceil(Math.log(ms / FIRST) / Math.log(TIMES))));

const boundOf = (heat: number): string => {
  if (heat === 0) return text.value.overview.noWait;
  if (heat === HOTTEST) return `> ${duration(FIRST * TIMES ** (HOTTEST - 2))}`;
  return `≤ ${duration(FIRST * TIMES ** (heat - 1))}`;
};

/** What the colours stand for. */
export const HeatScale = () => (
  <ul class="heat-scale" aria-label={text.value.overview.lastMinute}>
    {Array.from({ length: HOTTEST + 1 }, (_, heat) => (
      <li key={heat}>
        <svg viewBox="0 0 1 1" aria-hidden="true">
          <rect width="1" height="1" class={`heat-${heat}`} />
        </svg>
        {boundOf(heat)}
      </li>
    ))}
  </ul>
);

export function Heat({ metric, labels }: { metric: KeptMetric; labels: Labels }) {
  const kept = past.value.slice(-CELLS - 1);
  const held = kept.map((one) => buckets(one.samples, metric, labels));
  const cells = held.slice(1).map((now, i) => {
    // What came in while nobody told of it did not come in one second.
    const seconds = afterGap(kept, i + 1) ? null : quantile(0.99, since(now, held[i]!));
    return seconds === null ? null : seconds * 1000;
  });
  const waits = cells.filter((ms): ms is number => ms !== null);
  const worst = waits.length ? Math.max(...waits) : null;
  return (
    <div class="heat">
      <svg viewBox={`0 0 ${CELLS} 1`} preserveAspectRatio="none" aria-hidden="true">
        {cells.map((ms, i) => (
          <rect
            key={i}
            x={CELLS - cells.length + i}
            width="0.82"
            height="1"
            class={`heat-${heatOf(ms)}`}
          >
            <title>
              −{cells.length - i} s: {duration(ms)}
            </title>
          </rect>
        ))}
      </svg>
      <span class="num quiet">{text.value.overview.atMost(duration(worst))}</span>
    </div>
  );
}
