// A line the size of a word: how a figure went over the last two minutes.
import { sum } from '../lib/samples';
import { past, type KeptMetric } from '../state/figures';

const WIDTH = 120;
const HEIGHT = 28;
const KEPT = 120;

/** The line's points; flat in the middle when nothing changed. */
export function sparkPoints(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (i: number): number => WIDTH - (values.length - 1 - i) * (WIDTH / (KEPT - 1));
  const y = (v: number): number =>
    high === low ? HEIGHT / 2 : HEIGHT - 2 - ((v - low) / (high - low)) * (HEIGHT - 4);
  return values.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`).join(' ');
}

export function Spark({ metric }: { metric: KeptMetric }) {
  const values = past.value
    .slice(-KEPT)
    .map((one) => sum(one.samples, metric))
    .filter((one): one is number => one !== null);
  if (values.length < 2) return <svg class="spark" aria-hidden="true" />;
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polyline points={sparkPoints(values)} />
    </svg>
  );
}
