// The actors, as a tree and one by one, against the metrics, the records and the journal.
import assert from "node:assert/strict";
import { LIVE, standing } from "./company.mjs";
import { visit } from "./console.mjs";
import { sum } from "./samples.mjs";
import { eventually } from "./server.mjs";
import { card, factsOf, only, rowsOf } from "./shown.mjs";
import * as words from "./words.mjs";

const { count, NOTHING } = words;

// Beside them there are a ledger and a notifier.
const DISPATCHERS = 2;

/** Registers its tests on a company that stands still. */
export function actorTests(still) {
  const { quietly, at, callOf, couriersOf } = still;

  quietly("the tree counts who runs, and who was restarted", async () => {
    const page = await at("#/actors/tree");
    const lines = () =>
      page.$$eval(".tree-line", (all) =>
        all.map((one) => one.textContent.replace(/\s+/g, " ").trim()),
      );
    const alive = (service) =>
      [...still.journal.phases(service).values()].filter((one) => LIVE.has(one))
        .length;
    const couriers = async (service) => (await couriersOf(service)).length;
    const ten = (n) => `${n} of ${n} restarts left in 10 s`;
    const many = `simple_one_for_one · ${ten("1,000")}`;
    const hundred = `simple_one_for_one · ${ten("100")}`;
    const expected = [
      `root running 6 active one_for_one · ${ten("10")}`,
      "ledger running",
      `calls pickup/0 running ${alive("pickup") - 1} active 1 quarantined ${many}`,
      `call pickup:${still.scene.parcels.confirmed6} quarantined Restarts 5`,
      `calls taxi/0 running ${alive("taxi")} active ${many}`,
      "dispatcher pickup/0 running",
      `couriers pickup/0 running ${await couriers("pickup")} active ${hundred}`,
      "courier 15 running Restarts 1",
      "courier 16 running Restarts 2",
      "dispatcher taxi/0 running",
      `couriers taxi/0 running ${await couriers("taxi")} active ${hundred}`,
      "notifier alimtalk running",
    ];
    const squeezed = (all) => all.map((one) => one.replaceAll(" ", ""));
    // The restarts of the last ten seconds are still missing at first.
    await eventually(
      async () =>
        String(squeezed(await lines())) === String(squeezed(expected)),
      "the tree is as it has to be",
      15_000,
      200,
    ).catch(() => {});
    assert.deepEqual(squeezed(await lines()), squeezed(expected));
  });

  /** The rows of the busiest actors, once the page has asked anew. */
  async function top(page, hash) {
    await visit(page, hash);
    await page.locator("tbody tr").first().waitFor();
    return rowsOf(page, "Top");
  }

  quietly("the busiest actors are all there, as they are", async () => {
    const page = await at("#/overview");
    const couriers = await couriersOf();
    const samples = await still.server.metrics();
    const actors =
      couriers.length + sum(samples, "pickupd_call_actors") + DISPATCHERS + 2;
    const all = await top(page, "#/actors/top");
    assert.match(
      await page.locator(".card-foot").textContent(),
      new RegExp(`^${all.length} of ${actors} `),
    );

    const shown = await top(page, "#/actors/top?kind=courier");
    assert.deepEqual(
      shown.map((one) => `${one.Actor} ${one.State}`).sort(),
      couriers
        .map((one) => `courier ${one.id} ${words.STANDINGS[standing(one)]}`)
        .sort(),
    );
    const restarts = Object.fromEntries(
      shown.map((one) => [one.Actor, one.Restarts]),
    );
    assert.equal(restarts["courier 16"], "2");
    assert.equal(restarts["courier 15"], "1");
    assert.equal(restarts["courier 14"], "0");

    const calls = await top(page, "#/actors/top?kind=call");
    const live = ["pickup", "taxi"].flatMap((service) =>
      [...still.journal.phases(service)]
        .filter(([, phase]) => LIVE.has(phase))
        .map(([n, phase]) => `call ${service}:${n} ${words.PHASES[phase]}`),
    );
    assert.deepEqual(
      calls.map((one) => `${one.Actor} ${one.State}`).sort(),
      live
        .filter(
          (one) =>
            !one.startsWith(`call pickup:${still.scene.parcels.confirmed6} `),
        )
        .sort(),
    );
  });

  quietly("messages of actors grow as their metric does", async () => {
    const page = await at("#/overview");
    const look = async () => {
      const rows = await rowsOf(page, "Top");
      const of = { actor: "courier" };
      return {
        shown: rows.reduce((all, one) => all + words.number(one.Messages), 0),
        rejected: rows.reduce(
          (all, one) => all + words.number(one.Rejected),
          0,
        ),
        highest: Math.max(
          ...rows.map((one) => words.number(one["High water"])),
        ),
        rows,
        metric: sum(
          await still.server.metrics(),
          "pickupd_actor_messages_total",
          of,
        ),
      };
    };
    await top(page, "#/actors/top?kind=courier&sort=messages");
    const first = await look();
    const samples = await still.server.metrics();
    const of = { actor: "courier" };
    assert.ok(first.rejected > 0);
    assert.equal(
      first.rejected,
      sum(samples, "pickupd_mailbox_rejected_total", of),
    );
    // The metric also knows of actors that are gone, and of what came before they were watched.
    assert.ok(first.highest > 0);
    assert.ok(first.highest <= sum(samples, "pickupd_mailbox_high_water", of));
    for (let n = 0; n < 9; n++)
      await still.server.ask("PUT", "/couriers/12/location", {
        lat: 37.5827,
        lng: 126.978,
      });
    await eventually(async () => {
      const now = await look();
      return (
        now.metric > first.metric &&
        now.shown - first.shown === now.metric - first.metric
      );
    }, "the rows grow as the metric");
    const { rows } = await look();
    const sorted = rows.map((one) => words.number(one.Messages));
    assert.deepEqual(
      sorted,
      [...sorted].sort((a, b) => b - a),
    );
  });

  quietly("an actor that hangs stands first, with what waits", async () => {
    const page = await at("#/actors/top?kind=courier&sort=running");
    await still.server.admin("/admin/actors/courier/14/hang?for=2s", "POST");
    const held = ["하나", "둘"].map((name) =>
      still.server.send("PATCH", "/couriers/14", { name }),
    );
    try {
      await eventually(async () => {
        const [row] = await rowsOf(page, "Top");
        const depth = sum(
          await still.server.metrics(),
          "pickupd_mailbox_depth",
          {
            actor: "courier",
          },
        );
        return (
          row.Actor === "courier 14" &&
          /^\w+, [\d.]+ (m?s)$/.test(row["Handles now"]) &&
          words.milliseconds(row["Handles now"].split(", ")[1]) > 100 &&
          depth > 0 &&
          row.Depth === count(depth)
        );
      }, "courier 14 is seen to hang");
    } finally {
      await Promise.all(held);
    }
  });

  quietly("one actor's figures and its own words are true", async () => {
    const page = await at("#/overview");
    const n = still.scene.parcels.arrived;
    await visit(page, `#/actors/call/pickup:${n}`);
    const call = await callOf("pickup", n);
    const says = await factsOf(card(page, "Snapshot").locator(".facts"));
    assert.deepEqual(
      only(says, ["phase", "courier", "correlationId", "version", "watchers"]),
      {
        phase: call.phase,
        courier: String(call.courier.id),
        correlationId: call.correlationId,
        version: String(still.journal.of("pickup", n).length),
        watchers: "0",
      },
    );
    const facts = await factsOf(page.locator(".detail-facts .facts"));
    assert.deepEqual(
      only(facts, [
        "Supervisor",
        "Handles now",
        "Depth",
        "Rejected",
        "Restarts",
        "Last exit",
      ]),
      {
        Supervisor: "calls pickup/0",
        "Handles now": "nothing",
        Depth: "0",
        Rejected: "0",
        Restarts: "0",
        "Last exit": NOTHING,
      },
    );

    await visit(page, "#/actors/dispatcher/pickup");
    const samples = await still.server.metrics();
    const of = (metric, labels) => count(sum(samples, metric, labels));
    const shard = { shard: "pickup/0" };
    const dispatcher = await factsOf(card(page, "Snapshot").locator(".facts"));
    assert.deepEqual(
      only(dispatcher, [
        "waiting",
        "reserved",
        "couriers",
        "free",
        "pausedByOperator",
      ]),
      {
        waiting: of("pickupd_calls_waiting", shard),
        reserved: of("pickupd_jobs", shard),
        couriers: of("pickupd_couriers", shard),
        free: of("pickupd_couriers_free", shard),
        pausedByOperator: "yes",
      },
    );

    await visit(page, "#/actors/courier/16");
    const courier = await factsOf(page.locator(".detail-facts .facts"));
    assert.equal(courier.Restarts, "2");
    assert.equal(courier["Last exit"], "killed");
    assert.equal(await page.locator("[data-restart]").count(), 2);
  });

  quietly("a trace lists as many messages as were handled", async () => {
    const page = await at("#/couriers/11");
    const handled = async () =>
      sum(await still.server.metrics(), "pickupd_actor_messages_total", {
        actor: "courier",
      });
    // On a page that asks nothing of the actor itself.
    await page.getByRole("button", { name: "Start trace" }).click();
    await page.getByText("recording").waitFor();
    const before = await handled();
    for (let n = 0; n < 5; n++)
      await still.server.ask("PATCH", "/couriers/11", { name: `기사 ${n}` });
    const rows = () => rowsOf(page, "Trace");
    const own = (all) => all.filter((row) => row.Actor === "courier 11");
    await eventually(
      async () => own(await rows()).length === (await handled()) - before,
      "as many are listed",
    );
    const traced = await rows();
    assert.equal(
      own(traced).filter((row) => row.Message === "change_courier").length,
      5,
    );
    for (const row of traced) {
      if (row.Actor !== "courier 11") assert.equal(row.About, "courier 11");
      assert.equal(row.Time, words.fineClock(row["Time@"]));
      assert.ok(words.milliseconds(row.Took) < 5_000, row.Took);
    }
    await page.getByRole("button", { name: "Stop and forget" }).click();
    await page.getByRole("button", { name: "Start trace" }).waitFor();
  });
}
