// A small company at one moment of its day, in which something of everything there is: calls in
// every phase, couriers in every state, messages nobody got, a breaker that is open and one that
// was tripped, a stage that is paused, actors that were restarted and one in quarantine. Then
// nothing moves any more.
import { Provider } from "./provider.mjs";
import { eventually, Server } from "./server.mjs";

const SEOUL = { lat: 37.5665, lng: 126.978 };

/** Some way to the north of Seoul's centre. */
const north = (metres) => ({ ...SEOUL, lat: SEOUL.lat + metres / 111_195 });

export class Scene {
  server;
  provider;
  /** A number of each kind of call. */
  parcels = {};
  taxis = {};
  /** When the provider was given up. */
  givenUpAt = 0;
  #watch = new AbortController();

  async build() {
    this.provider = await new Provider().start();
    this.server = await new Server({
      ...this.provider.settings,
      // What is counted in a window stays in it.
      BREAKER_WINDOW: "1h",
      DISPATCH_COURIER_LOST_AFTER: "1h",
      MAILBOXES_COURIER: "1",
    }).start();
    await this.#beWatched();
    await this.#hire();
    await this.#loseMessages();
    await this.#work();
    await this.#refuse();
    await this.#disturb();
    return this;
  }

  async end() {
    this.#watch.abort();
    await this.server?.remove();
    await this.provider?.stop();
  }

  /** From here on actors count each message they handle. */
  async #beWatched() {
    const feed = await fetch(
      `${this.server.operators}/admin/feed?interval=1s`,
      {
        headers: { Authorization: `Bearer ${this.server.token}` },
        signal: this.#watch.signal,
      },
    );
    feed.body.pipeTo(new WritableStream()).catch(() => {});
  }

  #courier(n, fields) {
    return this.server.ask("POST", "/couriers", {
      name: `기사 ${n}호`,
      tel: `0102000${String(n).padStart(4, "0")}`,
      vehicle: `서울 ${n}가 1234`,
      ...north(150 * n),
      ...fields,
    });
  }

  /** Couriers 1 to 22 carry parcels, 23 to 27 people. */
  async #hire() {
    for (let n = 1; n <= 18; n++) await this.#courier(n, { capacity: 2 });
    await this.#courier(19, {
      classes: ["under10kg"],
      capacity: 1,
      vehicle: null,
    });
    await this.#courier(20, { onShift: false });
    await this.#courier(21, { onShift: false });
    await this.#courier(22, { lat: null, lng: null });
    for (let n = 23; n <= 27; n++) await this.#courier(n, { service: "taxi" });
    // Nobody has heard of the others.
    for (const n of [1, 2, 3, 23])
      await this.server.ask("PUT", `/couriers/${n}/location`, north(150 * n));
  }

  async #parcel(name, fields = {}) {
    const number = 1 + Object.keys(this.parcels).length;
    const call = await this.server.ask(
      "POST",
      "/pickupcalls",
      {
        tel: `0105555${String(number).padStart(4, "0")}`,
        ...north(70 * number),
        cost: 1_000 * number + 234,
        ...fields,
      },
      { "X-Correlation-Id": `scene-${name}` },
    );
    this.parcels[name] = call.id;
    return call;
  }

  async #taxi(name, fields = {}) {
    const tel = "01066660001";
    const call = await this.server.ask("POST", "/taxicalls", {
      tel,
      ...fields,
    });
    this.taxis[name] = call.id;
    return call;
  }

  #report(call, ...steps) {
    return steps.reduce(
      (before, step) =>
        before.then(() =>
          this.server.ask(
            "POST",
            `/couriers/${call.courier.id}/jobs/${call.id}/${step}`,
          ),
        ),
      Promise.resolve(),
    );
  }

  /** Three messages do not get through; then the provider is given up, and messages wait. */
  async #loseMessages() {
    await this.provider.control({ fail: { 3018: 1 } });
    for (const name of ["lost1", "lost2", "lost3"]) await this.#parcel(name);
    await this.#letters(3);
    await this.provider.control({ error_before: 1 });
  }

  #letters(n) {
    return eventually(
      async () =>
        (await this.server.admin("/admin/dead-letters")).deadLetters.length ===
        n,
      `${n} dead letters`,
    );
  }

  async #work() {
    await this.#report(
      await this.#parcel("completed", { memo: "문 앞에", location: "강남역" }),
      ...["arrived", "picked-up", "completed"],
    );
    await this.#report(await this.#parcel("failed"), "arrived", "failed");
    await this.#report(await this.#parcel("arrived"), "arrived");
    await this.#report(await this.#parcel("pickedUp"), "arrived", "picked-up");
    await this.#report(await this.#parcel("declined"), "decline");
    await this.#parcel("canceled");
    await this.server.ask("DELETE", `/pickupcalls/${this.parcels.canceled}`);
    await this.#parcel("heavy", { parcelType: "over10kg", cost: 1_234_567 });
    for (let n = 1; n <= 6; n++) await this.#parcel(`confirmed${n}`);
    const pickupAt = new Date(Date.now() + 7_200_000).toISOString();
    for (const name of ["later1", "later2"])
      await this.#parcel(name, { pickupAt });
    await this.#report(await this.#taxi("arrived", SEOUL), "arrived");
    await this.#taxi("confirmed", { taxiClass: "van", location: "이수" });
    await this.server.admin("/admin/stages/assign/pause", "POST");
    for (let n = 1; n <= 4; n++) await this.#parcel(`waiting${n}`);
    await this.#taxi("waiting");
    await eventually(
      async () =>
        (await this.server.admin("/admin/breakers")).breakers.some(
          ({ name, state }) => name === "channel:alimtalk" && state === "open",
        ),
      "the provider is given up",
    );
    this.givenUpAt = Date.now();
  }

  /** Calls that find no room, and messages that find none. */
  async #refuse() {
    await this.server.admin("/admin/breakers/admission:taxi/trip", "POST");
    await this.server.send("POST", "/taxicalls", { tel: "01066660002" });
    await this.server.admin("/admin/stages/manage/pause", "POST");
    for (let n = 0; n < 2; n++)
      await this.server.send("POST", "/pickupcalls", { tel: "01066660003" });
    await this.server.admin("/admin/stages/manage/resume", "POST");
    await this.server.admin("/admin/actors/courier/17/hang?for=300ms", "POST");
    await Promise.all(
      ["가", "나", "다", "라"].map((name) =>
        this.server.send("PATCH", "/couriers/17", { name }),
      ),
    );
  }

  async #disturb() {
    await this.#kill("courier/16");
    await this.#kill("courier/16");
    await this.server.admin("/admin/actors/courier/15/crash", "POST");
    await this.server.ask("PUT", "/couriers/15/location", north(2_250));
    const sick = `call/pickup:${this.parcels.confirmed6}`;
    await eventually(async () => {
      await this.#kill(sick);
      const { state } = await this.server.admin(`/admin/actors/${sick}`);
      return state === "quarantined";
    }, "a call's actor is put in quarantine");
  }

  /** Kills an actor and waits until it is seen to have gone. */
  async #kill(who) {
    const restarts = async () =>
      (await this.server.admin(`/admin/actors/${who}`)).restarts;
    const before = await restarts();
    await this.server.admin(`/admin/actors/${who}/kill`, "POST");
    await eventually(
      async () => (await restarts()) > before,
      `${who} is killed`,
    );
  }
}
