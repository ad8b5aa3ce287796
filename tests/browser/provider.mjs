// The fake provider of KakaoTalk messages that the system tests use, as a process.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { eventually, ROOT } from "./server.mjs";

export class Provider {
  #process;
  #said = "";
  url = "";

  async start() {
    this.#process = spawn("setpriv", [
      ...["--pdeathsig", "KILL", "python3", "-B"],
      join(ROOT, "tests/support/fake_provider.py"),
    ]);
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream.on("data", (said) => (this.#said += said));
    const port = await eventually(
      () => /listening on (\d+)/.exec(this.#said)?.[1],
      "the provider listens",
    );
    this.url = `http://127.0.0.1:${port}`;
    return this;
  }

  /** What a server needs to send by it alone; a channel that was given up stays so. */
  get settings() {
    return {
      NOTIFY_CHANNEL: "alimtalk",
      // One after the other: what was asked before it was given up is then all that was asked.
      NOTIFY_IN_FLIGHT: "1",
      NOTIFY_BREAKER_WAIT: "1h",
      NOTIFY_BREAKER_MAX_WAIT: "2h",
      ALIMTALK_BASE_URL: this.url,
      ALIMTALK_APP_KEY: "app",
      ALIMTALK_SECRET_KEY: "secret",
      ALIMTALK_SENDER_KEY: "sender",
      ALIMTALK_POLL_FIRST: "60ms",
      ALIMTALK_RETRY_FIRST: "50ms",
    };
  }

  /** What happens to messages from now on; see the program. */
  control(alimtalk) {
    return fetch(`${this.url}/control`, {
      method: "POST",
      body: JSON.stringify({ alimtalk }),
    });
  }

  /** What it was asked and has accepted. */
  async state() {
    return (await fetch(`${this.url}/control`)).json();
  }

  async stop() {
    const ended = new Promise((done) => this.#process.once("exit", done));
    if (this.#process.exitCode === null && this.#process.kill("SIGKILL"))
      await ended;
  }
}
