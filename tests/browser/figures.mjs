// Holds what the overview shows against /metrics. The arithmetic is done anew here, not taken from
// the console: one mistake must not stand on both sides.

const UNITS = { µs: 1e-3, ms: 1, s: 1e3, min: 6e4 };

function parse(text) {
  return text
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
}

const matching = (samples, name, labels) =>
  samples.filter(
    (one) =>
      one.name === name &&
      Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );

function quantile(samples, name, labels, q) {
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

function says(figure, samples) {
  const { metric, labels, how, q, value } = figure;
  if (how === "rate") return figure.text === "0";
  if (how === "quantile") {
    const seconds = quantile(samples, metric, labels, Number(q));
    if (seconds === null) return figure.text === "–";
    if (seconds < 1e-6) return figure.text === "< 1 µs";
    const [, number, unit] = /^([\d.,]+) (\S+)$/.exec(figure.text);
    const shown = Number(number.replaceAll(",", "")) * UNITS[unit];
    // Shown with two digits at least.
    return Math.abs(shown / (seconds * 1e3) - 1) <= 0.06;
  }
  const total = matching(samples, metric, labels).reduce(
    (sum, one) => sum + one.value,
    0,
  );
  return Number(value ?? figure.text.replaceAll(",", "")) === Math.round(total);
}

const onPage = (page) =>
  page.$$eval("[data-metric]", (nodes) =>
    nodes.map(({ dataset, textContent }) => ({
      metric: dataset.metric,
      labels: JSON.parse(dataset.labels),
      how: dataset.how,
      q: dataset.q,
      value: dataset.value,
      text: textContent,
    })),
  );

const nameOf = ({ metric, labels, how, q }) =>
  `${metric} ${JSON.stringify(labels)} ${how} ${q ?? ""}`;

/** Follows figures until each has once equalled /metrics; tells those that never did. */
export class Comparison {
  #page;
  #server;
  #open = new Map();
  seen = new Set();

  constructor(page, server) {
    this.#page = page;
    this.#server = server;
  }

  async look() {
    const shown = await onPage(this.#page);
    const samples = parse(
      await (await fetch(`${this.#server.operators}/metrics`)).text(),
    );
    for (const figure of shown) {
      const name = nameOf(figure);
      const fits = says(figure, samples);
      if (fits) this.#open.delete(name);
      else if (!this.seen.has(name) || this.#open.has(name))
        this.#open.set(name, figure.text);
      this.seen.add(name);
    }
    return this.unequal.length === 0;
  }

  get unequal() {
    return [...this.#open].map(([name, text]) => `${name}: shows ${text}`);
  }
}
