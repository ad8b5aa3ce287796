/**
 * The time, in seconds, that a chart of these moments shows: what uPlot proposes, but a minute at
 * least, so that a line that has just begun is not stretched over all of it. For a single moment
 * uPlot proposes years.
 */
export function spanOf(
  times: ArrayLike<number>,
  low: number | null,
  high: number | null,
): [number, number] {
  const only = times.length === 1 ? times[0]! : null;
  const end = only ?? high ?? Date.now() / 1000;
  return [Math.min(only ?? low ?? end, end - 60), end];
}
