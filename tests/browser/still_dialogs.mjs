// What the dialogs of actions say they would touch, against how many there are.
import assert from "node:assert/strict";
import { ask, giveUp, tallyOf } from "./asking.mjs";
import { visit } from "./console.mjs";
import { sum } from "./samples.mjs";

/** Registers its tests on a company that stands still. */
export function dialogTests(still) {
  const { quietly, at } = still;

  quietly(
    "a dialog says how many actors and calls it would touch",
    async () => {
      const page = await at("#/overview");
      const samples = await still.server.metrics();
      const tally = async (hash, action, expected) => {
        await visit(page, hash);
        const dialog = await ask(page, action);
        assert.deepEqual(await tallyOf(dialog), expected, `${hash} ${action}`);
        await giveUp(dialog);
      };
      // Its couriers end with it.
      const all = 1 + sum(samples, "pickupd_couriers", { shard: "pickup/0" });
      await tally("#/actors/dispatcher/pickup", "kill", {
        stopped: all,
        redispatched: 0,
      });
      await tally("#/actors/courier/3", "restart", {
        stopped: 1,
        redispatched: 0,
      });
      const call = `#/calls/pickup/${still.scene.parcels.confirmed1}`;
      await tally(call, "reassign", { stopped: 0, redispatched: 1 });
      await tally(call, "cancel", { stopped: 0, redispatched: 0 });
      await tally("#/couriers/3", "off-shift", { stopped: 0, redispatched: 0 });
    },
  );
}
