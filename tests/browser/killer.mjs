// Kills actors while others work, and counts whom it got.

export class Killer {
  #server;
  #chance;
  #timer = null;
  #under = Promise.resolve();
  killed = 0;
  /** What went wrong but for the one thing that may: who is to be killed is gone already. */
  failed = [];

  /** `chance` gives numbers in [0, 1). */
  constructor(server, chance) {
    this.#server = server;
    this.#chance = chance;
  }

  /** One of so many couriers every so often. */
  start(couriers, every) {
    this.#timer = setInterval(() => {
      const id = 1 + Math.floor(this.#chance() * couriers);
      this.#under = this.#kill(`courier/${id}`);
    }, every);
  }

  async stop() {
    clearInterval(this.#timer);
    await this.#under;
  }

  async #kill(who) {
    try {
      await this.#server.admin(`/admin/actors/${who}/kill`, "POST");
      this.killed++;
    } catch (failed) {
      if (!/: (404|409) /.test(failed.message))
        this.failed.push(failed.message);
    }
  }
}

/** Numbers in [0, 1) that are the same each time. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
