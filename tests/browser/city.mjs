// A city's worth of traffic: couriers who move, calls that come, jobs that get done. From a seed,
// so that a failure can be seen again.
const SEED = 20261123;
const KINDS = ["under10kg", "over10kg"];

/** Numbers in [0, 1) by xorshift. */
function chances(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export class City {
  #base;
  #chance = chances(SEED);
  #couriers = [];
  #running = null;
  #jobs = [];

  constructor(server) {
    this.#base = server.customers;
  }

  async #ask(method, path, body) {
    const answer = await fetch(this.#base + path, {
      method,
      headers: { "Content-Type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  }

  #between(low, high) {
    return low + (high - low) * this.#chance();
  }

  /** Somewhere in Seoul, more often near the middle. */
  #place() {
    const middling = (low, high) =>
      (this.#between(low, high) + this.#between(low, high)) / 2;
    const round = (degrees) => Math.round(degrees * 1e4) / 1e4;
    return {
      lat: round(middling(37.45, 37.67)),
      lng: round(middling(126.82, 127.15)),
    };
  }

  async settle(count) {
    for (let n = 1; n <= count; n++) {
      const taxi = n % 4 === 0;
      const courier = {
        name: `${taxi ? "택시" : "택배"}기사 ${n}호`,
        tel: `010-2000-${1000 + n}`,
        vehicle: `서울80바${2000 + n}`,
        service: taxi ? "taxi" : "pickup",
        classes: taxi ? ["standard"] : n % 5 ? KINDS : ["under10kg"],
        capacity: 1 + (n % 4),
        onShift: n % 9 !== 0,
        ...this.#place(),
      };
      const { status, body } = await this.#ask("POST", "/couriers", courier);
      if (status !== 201)
        throw new Error(`POST /couriers: ${status} ${JSON.stringify(body)}`);
      this.#couriers.push({ id: body.id, lat: courier.lat, lng: courier.lng });
    }
  }

  async call() {
    const taxi = this.#chance() < 0.2;
    const { body, status } = await this.#ask(
      "POST",
      taxi ? "/taxicalls" : "/pickupcalls",
      {
        tel: `0105${String(Math.floor(this.#between(0, 1e7))).padStart(7, "0")}`,
        cost: 1000 * Math.floor(this.#between(5, 30)),
        ...(taxi ? {} : { parcelType: KINDS[this.#chance() < 0.8 ? 0 : 1] }),
        ...this.#place(),
      },
    );
    if (status === 201 && body.courier) this.#jobs.push(body);
    return body;
  }

  async #work() {
    const job = this.#jobs.shift();
    const to = `/couriers/${job.courier.id}/jobs/${job.id}`;
    for (const step of ["arrived", "picked-up", "completed"])
      await this.#ask("POST", `${to}/${step}`);
  }

  async #move() {
    for (const courier of this.#couriers) {
      courier.lat += this.#between(-1e-3, 1e-3);
      courier.lng += this.#between(-1e-3, 1e-3);
    }
    await this.#ask("POST", "/couriers/locations", this.#couriers);
  }

  /** Traffic, until `stop`: about thirty calls a second, and as many jobs done once enough live. */
  start(live = 90) {
    let on = true;
    const loop = async () => {
      for (let turn = 0; on; turn++) {
        await this.call();
        if (this.#jobs.length > live) await this.#work();
        if (turn % 20 === 0) await this.#move();
        await new Promise((done) => setTimeout(done, 15));
      }
    };
    const ended = loop();
    this.#running = async () => {
      on = false;
      await ended;
    };
  }

  async stop() {
    await this.#running?.();
    this.#running = null;
  }
}
