// The overview, against the metrics and the journal.
import assert from "node:assert/strict";
import { LIVE, standing } from "./company.mjs";
import { Comparison, figuresOn } from "./overview.mjs";
import { sum } from "./samples.mjs";
import { eventually } from "./server.mjs";
import { only } from "./shown.mjs";
import { count } from "./words.mjs";

/** Registers its tests on a company that stands still. */
export function overviewTests(still) {
  const { quietly, at, couriersOf } = still;

  quietly("every figure of the overview equals its metric", async () => {
    const page = await at("#/overview");
    const comparison = new Comparison(page, still.server);
    await eventually(() => comparison.look(), "figures", 12_000, 200).catch(
      () => {},
    );
    assert.deepEqual(comparison.unequal, []);
  });

  quietly("the overview counts what the journal holds", async () => {
    const page = await at("#/overview");
    const phases = [
      ...still.journal.phases("pickup").values(),
      ...still.journal.phases("taxi").values(),
    ];
    const are = (...some) =>
      count(phases.filter((phase) => some.includes(phase)).length);
    const couriers = await couriersOf();
    const letters = (await still.scene.provider.state()).messages.length;
    const owed = still.journal.entries.filter((one) => one.owes).length;
    const superseded = sum(
      await still.server.metrics(),
      "pickupd_messages_superseded_total",
    );
    const expected = {
      "Waiting for a courier": are("DISPATCHING"),
      "Waiting for a courier: scheduled": are("SCHEDULED"),
      Confirmed: are("CONFIRMED", "ARRIVED", "PICKED_UP"),
      // One is in quarantine.
      "Confirmed: call actors": count(
        phases.filter((one) => LIVE.has(one)).length - 1,
      ),
      "Couriers with room": count(
        couriers.filter((one) => ["free", "busy"].includes(standing(one)))
          .length,
      ),
      "Couriers with room: known": count(couriers.length),
      // All entries have been looked at: what is left are messages.
      "Message backlog": count(owed - letters - superseded),
      "Message backlog: dead letters": count(letters),
      "Restarts since the start: calls": "1",
      "Restarts since the start: couriers in quarantine": "0",
      "Calls accepted per second: accepted since the start": count(
        phases.length,
      ),
      "Stages: Manage": "running",
      "Stages: Assign": "paused",
      "Breakers: admission:pickup": "closed",
      "Breakers: admission:taxi": "tripped",
      "Breakers: channel:alimtalk": "open",
    };
    const shown = await figuresOn(page);
    assert.deepEqual(only(shown, Object.keys(expected)), expected);
  });
}
