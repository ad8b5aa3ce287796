// What each figure of the overview stands for. This table is the test's own word: it is not taken
// from the page, so that a figure under the wrong name is seen.
import { matching, quantile, sum, valuesOf } from "./samples.mjs";
import { BREAKERS, bytes, count, milliseconds, tells } from "./words.mjs";

const total = (metric, labels) => (text, samples) =>
  text === count(sum(samples, metric, labels));

const p = (q, metric, labels) => (text, samples) => {
  const seconds = quantile(samples, metric, labels, q);
  return tells(text, seconds === null ? null : seconds * 1000);
};

/** Rates are compared where there is traffic; without any they must be none. */
const none = (text) => /^0(\/s)?$/.test(text);

const stage = (name) => (text, samples) =>
  text ===
  (sum(samples, "pickupd_stage_paused", { stage: name })
    ? "paused"
    : "running");

const breaker = (name) => (text, samples) =>
  matching(samples, "pickupd_breaker_state", { breaker: name })
    .filter((one) => one.value === 1)
    .every((one) => text === BREAKERS[one.labels.state]);

/** Up for as long as the metric says; it is shown up to a second and a feed's interval late. */
const uptime = (text, samples) => {
  const since = sum(samples, "pickupd_start_time_seconds") * 1000;
  const late = Date.now() - since - milliseconds(text);
  return late > -100 && late < (text.includes("min") ? 62_000 : 2_500);
};

/** It is compared under load, where it is something; it cannot be more than one processor. */
const processor = (text) => parseFloat(text) <= 100;

const disk = (text, samples) => {
  const { value, give } = bytes(text);
  const free = sum(samples, "pickupd_storage_free_bytes");
  return Math.abs(value - free) <= give;
};

/** The worst second of the last minute is not worse than the longest wait there has been. */
const lastMinute = (actor) => (text, samples) => {
  const worst = milliseconds(text.replace("max ", ""));
  const longest = sum(samples, "pickupd_mailbox_longest_wait_seconds", {
    actor,
  });
  const bounds = valuesOf(samples, "pickupd_mailbox_wait_seconds_bucket", "le")
    .map(Number)
    .filter((le) => le >= longest);
  return worst === null || worst <= 1_060 * Math.min(...bounds);
};

const FIXED = {
  "Waiting for a courier": total("pickupd_calls_waiting"),
  "Waiting for a courier: scheduled": total("pickupd_calls_scheduled"),
  Confirmed: total("pickupd_calls_confirmed"),
  "Confirmed: call actors": total("pickupd_call_actors"),
  "Couriers with room": total("pickupd_couriers_free"),
  "Couriers with room: known": total("pickupd_couriers"),
  "Call to courier p99": p(0.99, "pickupd_assignment_seconds", {}),
  "Call to courier p99: median": p(0.5, "pickupd_assignment_seconds", {}),
  "Message backlog": total("pickupd_messages_backlog"),
  "Message backlog: dead letters": total("pickupd_dead_letters"),
  "Restarts since the start": total("pickupd_actor_restarts_total"),
  "Restarts since the start: calls": total("pickupd_calls_quarantined"),
  "Restarts since the start: couriers in quarantine": total(
    "pickupd_couriers_quarantined",
  ),
  "Calls accepted per second: accepted": none,
  "Calls accepted per second: refused": none,
  "Calls accepted per second: accepted since the start": total(
    "pickupd_calls_created_total",
  ),
  "Calls accepted per second: chart": none,
  "Calls accepted per second: accepted in the last second": none,
  "Calls accepted per second: refused in the last second": none,
  "Stages: Manage": stage("manage"),
  "Stages: Assign": stage("assign"),
  "Node: Up for": uptime,
  "Node: Connections": total("pickupd_http_connections"),
  "Node: Requests": none,
  "Node: POST p99": p(0.99, "pickupd_http_request_seconds", {
    method: "POST",
  }),
  "Node: Commits": none,
  "Node: Commit p99": p(0.99, "pickupd_commit_seconds", {}),
  "Node: Looking on costs": processor,
  "Node: Free on disk": disk,
};

const MAILBOXES = {
  Depth: (actor) => total("pickupd_mailbox_depth", { actor }),
  "High water": (actor) => total("pickupd_mailbox_high_water", { actor }),
  "Wait p99": (actor) => p(0.99, "pickupd_mailbox_wait_seconds", { actor }),
  "Handler p99": (actor) => p(0.99, "pickupd_handler_seconds", { actor }),
  Rejected: (actor) => total("pickupd_mailbox_rejected_total", { actor }),
  "Last minute": lastMinute,
};

const SHARDS = {
  "With room": (shard) => total("pickupd_couriers_free", { shard }),
  Couriers: (shard) => total("pickupd_couriers", { shard }),
  "Jobs, reserved too": (shard) => total("pickupd_jobs", { shard }),
  Confirmed: (shard) => total("pickupd_calls_confirmed", { shard }),
  Waiting: (shard) => total("pickupd_calls_waiting", { shard }),
  scheduled: (shard) => total("pickupd_calls_scheduled", { shard }),
};

/** What must be shown, by its name, and how it is held against the samples. */
export function sourcesOf(samples) {
  const sources = { ...FIXED };
  const rows = (card, values, columns) => {
    for (const of of values)
      for (const [head, source] of Object.entries(columns))
        sources[`${card}: ${of}: ${head}`] = source(of);
  };
  const actors = valuesOf(samples, "pickupd_mailbox_depth", "actor");
  rows("Mailboxes", actors, MAILBOXES);
  const shards = valuesOf(samples, "pickupd_calls_waiting", "shard");
  rows("By shard", shards, SHARDS);
  for (const one of valuesOf(samples, "pickupd_breaker_state", "breaker"))
    sources[`Breakers: ${one}`] = breaker(one);
  return sources;
}

/** Every figure on the page, by its card and what stands beside it. */
export const figuresOn = (page) =>
  page.evaluate(() => {
    const shown = {};
    const textOf = (node) => node?.textContent.trim() ?? "";
    for (const tile of document.querySelectorAll("section.tile")) {
      const title = tile.getAttribute("aria-label");
      shown[title] = textOf(tile.querySelector(".tile-figure .num"));
      for (const figure of tile.querySelectorAll(".hint .num")) {
        let name = "";
        for (let next = figure; (next = next.nextSibling);)
          name += next.textContent;
        shown[`${title}: ${name.trim()}`] = textOf(figure);
      }
    }
    for (const card of document.querySelectorAll(
      "main section.card:not(.tile)",
    )) {
      const title = card.getAttribute("aria-label");
      for (const one of card.querySelectorAll(".rate-now p"))
        shown[`${title}: ${textOf(one.querySelector(".hint"))}`] = textOf(
          one.querySelector(".num"),
        );
      for (const chart of card.querySelectorAll(".chart"))
        shown[`${title}: chart`] = /now ([\d.,]+|–)\.$/.exec(
          chart.getAttribute("aria-label"),
        )?.[1];
      for (const [, name, value] of textOf(
        card.querySelector(".chart-at"),
      ).matchAll(/ · (\w+) ([\d.,]+|–)/g))
        shown[`${title}: ${name} in the last second`] = value;
      for (const { children } of card.querySelectorAll("dl.facts > div"))
        shown[`${title}: ${textOf(children[0])}`] = textOf(children[1]);
      for (const one of card.querySelectorAll("ul.rows > li")) {
        const name = one.querySelector("strong, a");
        const said = one.querySelector(".badge");
        shown[`${title}: ${textOf(name)}`] = textOf(said);
      }
      for (const row of card.querySelectorAll("tbody tr"))
        [...row.cells].slice(1).forEach((cell, i) => {
          const head = textOf(row.closest("table").tHead.rows[0].cells[i + 1]);
          const figure = cell.querySelector(".heat .num") ?? cell;
          const edge = card.getBoundingClientRect().right;
          const box = figure.getBoundingClientRect();
          const seen = box.width > 0 && box.right <= edge + 1;
          shown[`${title}: ${textOf(row.cells[0])}: ${head}`] = seen
            ? textOf(figure)
            : "nothing that can be seen";
        });
    }
    return shown;
  });

function fitsIts(source, text, samples) {
  try {
    return source?.(text, samples) ?? false;
  } catch {
    // What it stands for is not there, or what it says is no figure.
    return false;
  }
}

/** Follows the overview until each figure has once equalled its source. */
export class Comparison {
  #page;
  #server;
  #unequal = new Map();
  #seen = new Set();

  constructor(page, server) {
    this.#page = page;
    this.#server = server;
  }

  async look() {
    const shown = await figuresOn(this.#page);
    const samples = await this.#server.metrics();
    const sources = sourcesOf(samples);
    for (const name of new Set([
      ...Object.keys(shown),
      ...Object.keys(sources),
    ])) {
      const fits =
        name in shown && fitsIts(sources[name], shown[name], samples);
      if (fits) this.#unequal.delete(name);
      else if (!this.#seen.has(name) || this.#unequal.has(name))
        this.#unequal.set(
          name,
          !(name in shown)
            ? "is not shown"
            : !sources[name]
              ? "is shown, and nobody knows what it stands for"
              : `shows ${shown[name]}`,
        );
      this.#seen.add(name);
    }
    return this.#unequal.size === 0;
  }

  /** Those that never did, and why. */
  get unequal() {
    return [...this.#unequal].map(([name, why]) => `${name}: ${why}`);
  }
}
