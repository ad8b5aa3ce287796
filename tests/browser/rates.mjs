// Rates that are shown under load, against how much the metrics grew meanwhile.
import { figuresOn } from "./overview.mjs";
import { sum } from "./samples.mjs";
import { number } from "./words.mjs";

// The metric, over how many milliseconds its growth is shown, and how many times.
const RATES = {
  "Calls accepted per second: accepted": ["pickupd_calls_created_total", 5_000],
  "Calls accepted per second: chart": ["pickupd_calls_created_total", 5_000],
  "Calls accepted per second: accepted in the last second": [
    "pickupd_calls_created_total",
    1_000,
  ],
  "Calls accepted per second: refused": ["pickupd_calls_refused_total", 5_000],
  "Calls accepted per second: refused in the last second": [
    "pickupd_calls_refused_total",
    1_000,
  ],
  "Node: Requests": ["pickupd_http_requests_total", 5_000],
  "Node: Commits": ["pickupd_journal_commits_total", 5_000],
  "Node: Looking on costs": ["pickupd_operator_cpu_seconds_total", 5_000, 100],
};

// What a page shows is as of up to a second and some ago.
const AGO = 1_700;
const LONGEST = 5_000 + AGO;

/** Reads the metrics all the time, and holds the page's rates against their growth. */
export class Rates {
  #page;
  #server;
  #read = [];
  /** What was shown when it did not fit, by name; the last time. */
  unequal = new Map(Object.keys(RATES).map((name) => [name, "not seen"]));
  shown = {};

  constructor(page, server) {
    this.#page = page;
    this.#server = server;
  }

  /** Whether each has fitted once. */
  async look() {
    this.#read.push({
      at: performance.now(),
      samples: await this.#server.metrics(),
    });
    if (this.#read.at(-1).at - this.#read[0].at < LONGEST) return false;
    const shown = await figuresOn(this.#page);
    for (const name of this.unequal.keys()) {
      const grown = this.#growth(...RATES[name]);
      const rate = number(shown[name].replace(/\/s| % of a processor/, ""));
      this.shown[name] ??= rate;
      const [least, most] = [Math.min(...grown), Math.max(...grown)];
      const [, , times = 1] = RATES[name];
      const give = 0.15 / times + 0.1 * most;
      if (rate >= least - give && rate <= most + give) {
        this.unequal.delete(name);
        this.shown[name] = rate;
      } else this.unequal.set(name, `${rate}, not ${least} to ${most}`);
    }
    return this.unequal.size === 0;
  }

  /** By how much it grew each second, in every such time that may be meant. */
  #growth(metric, over, times = 1) {
    const last = this.#read.at(-1).at;
    return this.#read
      .filter(({ at }) => at >= last - AGO)
      .flatMap((end) => {
        const begin = this.#read.findLast(({ at }) => at <= end.at - over);
        if (!begin) return [];
        const [from, to] = [begin, end].map(({ samples }) =>
          sum(samples, metric),
        );
        return [((to - from) * 1000 * times) / (end.at - begin.at)];
      });
  }
}
