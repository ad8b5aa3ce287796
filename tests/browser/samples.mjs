// Metric samples and the arithmetic on them. It is done anew here, not taken from the console: one
// mistake must not stand on both sides.

/** The samples of a text in Prometheus' format. */
export const parse = (text) =>
  text
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => {
      const [, name, labels = "", value] = /^([^ {]+)(?:\{(.*)\})? (\S+)$/.exec(
        line,
      );
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
      return {
        name,
        labels: Object.fromEntries(pairs.map((m) => [m[1], m[2]])),
        value: Number(value),
      };
    });

export const matching = (samples, name, labels = {}) =>
  samples.filter(
    (one) =>
      one.name === name &&
      Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );

/** All matching samples together; a name that nobody knows is a mistake of the test. */
export function sum(samples, name, labels = {}) {
  if (!samples.some((one) => one.name === name))
    throw new Error(`there is no metric ${name}`);
  return matching(samples, name, labels).reduce(
    (all, one) => all + one.value,
    0,
  );
}

/** The values of a label, each once. */
export const valuesOf = (samples, name, label) => [
  ...new Set(matching(samples, name).map((one) => one.labels[label])),
];

/** As Prometheus' histogram_quantile has it; null when nothing was observed. */
export function quantile(samples, name, labels, q) {
  const bounds = new Map();
  for (const { labels: at, value } of matching(
    samples,
    `${name}_bucket`,
    labels,
  )) {
    const le = at.le === "+Inf" ? Infinity : Number(at.le);
    bounds.set(le, (bounds.get(le) ?? 0) + value);
  }
  const sorted = [...bounds].sort(([a], [b]) => a - b);
  const rank = q * (sorted.at(-1)?.[1] ?? 0);
  if (!rank) return null;
  let [low, under] = [0, 0];
  for (const [le, upTo] of sorted) {
    if (upTo >= rank)
      return le === Infinity
        ? low
        : low + ((le - low) * (rank - under)) / (upTo - under);
    [low, under] = [le, upTo];
  }
  return low;
}
