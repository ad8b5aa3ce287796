// A city's worth of traffic by `pickupctl load`, from a seed, so that a failure can be seen again.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { BIN, TOKEN } from "./server.mjs";

export class City {
  #process = null;
  #said = "";

  /** So many couriers, a quarter of them taxis, and about twenty calls a second. */
  start(server, couriers) {
    this.#process = spawn(
      // It ends with the test, however that ends.
      "setpriv",
      [
        ...["--pdeathsig", "KILL", join(BIN, "pickupctl")],
        ...["--server", server.operators, "--api", server.customers],
        ...["--token", TOKEN, "load", "--seed", "20261123"],
        ...["--couriers", String(couriers), "--taxis", "0.25"],
        ...["--rate", "20/s", "--day", "2min"],
      ],
    );
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream.on("data", (said) => (this.#said += said));
  }

  /** Ends it in order: what is under way is finished first. */
  async stop() {
    const city = this.#process;
    this.#process = null;
    if (!city) return;
    const ended = new Promise((done) => city.once("exit", done));
    if (city.exitCode === null) city.kill("SIGINT");
    const code = city.exitCode ?? (await ended);
    if (code !== 0) throw new Error(`pickupctl load: ${code}: ${this.#said}`);
  }
}
