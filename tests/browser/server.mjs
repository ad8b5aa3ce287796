// Starts the real pickupd on free ports, with a data directory that goes with it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "./samples.mjs";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const BIN =
  process.env.PICKUP_BIN_DIR ?? join(ROOT, "build/release/bin");
export const DIST = join(ROOT, "console/dist");
export const TOKEN = "sesame";

/** The first true value of `probe`; a failure inside it counts as not yet true. */
export async function eventually(probe, what, within = 10_000, every = 25) {
  const deadline = performance.now() + within;
  for (let last = ""; ;) {
    try {
      const value = await probe();
      if (value) return value;
    } catch (failed) {
      last = `: ${failed.message}`;
    }
    if (performance.now() > deadline)
      throw new Error(`${what}: not within ${within} ms${last}`);
    await new Promise((done) => setTimeout(done, every));
  }
}

export class Server {
  #process;
  #settings;
  #log = "";
  #scratch = mkdtempSync(join(tmpdir(), "pickup-browser-"));
  port = 0;
  operatorPort = 0;
  token = TOKEN;

  /** With settings, as SECTION_KEY, that differ from the configuration's. */
  constructor(settings = {}) {
    this.#settings = Object.entries(settings).map(([name, value]) => [
      `PICKUPD_${name}`,
      value,
    ]);
  }

  /** Starts it, or starts it again: then on the ports it had. */
  async start() {
    this.#log = "";
    const clean = Object.entries(process.env).filter(
      ([name]) => !name.startsWith("PICKUPD_"),
    );
    this.#process = spawn(
      // The server ends with the test, however that ends.
      "setpriv",
      [
        ...["--pdeathsig", "KILL", join(BIN, "pickupd")],
        ...["--config", join(ROOT, "config/pickupd.toml")],
        ...["--listen", `127.0.0.1:${this.port}`, "--data-dir", this.data],
      ],
      {
        env: {
          ...Object.fromEntries(clean),
          PICKUPD_OPERATOR_LISTEN: `127.0.0.1:${this.operatorPort}`,
          PICKUPD_OPERATOR_TOKEN: this.token,
          PICKUPD_OPERATOR_CONSOLE_DIR: DIST,
          PICKUPD_DEMO_COURIERS: "false",
          ...Object.fromEntries(this.#settings),
        },
      },
    );
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream.on("data", (said) => (this.#log += said));
    const told = (pattern) =>
      eventually(
        () => Number(pattern.exec(this.#log)?.[1]),
        `pickupd tells its port ${this.#log}`,
      );
    this.port = await told(/listening on http:\/\/127\.0\.0\.1:(\d+)/);
    this.operatorPort = await told(
      /operators http:?\/{0,2} ?127\.0\.0\.1:(\d+)/,
    );
    await eventually(
      async () => (await fetch(`${this.operators}/readyz`)).ok,
      "pickupd is ready",
    );
    return this;
  }

  /** Its data directory. */
  get data() {
    return join(this.#scratch, "data");
  }

  get customers() {
    return `http://127.0.0.1:${this.port}`;
  }

  get operators() {
    return `http://127.0.0.1:${this.operatorPort}`;
  }

  get log() {
    return this.#log;
  }

  /** Asks the operators' API, as the console does. */
  async admin(path, method = "GET") {
    const headers = { Authorization: `Bearer ${this.token}` };
    const answer = await fetch(`${this.operators}${path}`, { method, headers });
    if (!answer.ok)
      throw new Error(
        `${method} ${path}: ${answer.status} ${await answer.text()}`,
      );
    return answer.json();
  }

  /** Asks the customers' API, whatever it answers. */
  send(method, path, body, headers = {}) {
    return fetch(`${this.customers}${path}`, {
      method,
      headers: { "Content-Type": "application/json", ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  /** Asks the customers' API for what it must not refuse. */
  async ask(method, path, body, headers) {
    const answer = await this.send(method, path, body, headers);
    const said = await answer.text();
    if (!answer.ok)
      throw new Error(`${method} ${path}: ${answer.status} ${said}`);
    return said ? JSON.parse(said) : null;
  }

  /** Everything in a list of the customers' API. */
  async all(path) {
    const items = [];
    for (let [page, pages] = [0, 1]; page < pages; page++) {
      const answer = await this.ask("GET", `${path}?size=200&page=${page}`);
      items.push(...Object.values(answer._embedded)[0]);
      pages = answer.page.totalPages;
    }
    return items;
  }

  /** The samples of /metrics. */
  async metrics() {
    return parse(await (await fetch(`${this.operators}/metrics`)).text());
  }

  /** How it ended by itself: its exit code. */
  async ended() {
    return eventually(
      () => this.#process.exitCode !== null && [this.#process.exitCode],
      "pickupd ends",
    ).then(([code]) => code);
  }

  async kill() {
    const ended = new Promise((done) => this.#process.once("exit", done));
    if (this.#process.exitCode === null && this.#process.kill("SIGKILL"))
      await ended;
  }

  async remove() {
    await this.kill();
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}
