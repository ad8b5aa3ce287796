// The map's counts, lists and panel, against the records of couriers and the journal.
import assert from "node:assert/strict";
import { LIVE, standing } from "./company.mjs";
import { factsOf, only } from "./shown.mjs";
import * as words from "./words.mjs";

const { count } = words;

/** Registers its tests on a company that stands still. */
export function mapTests(still) {
  const { quietly, at, callOf, couriersOf } = still;

  for (const service of ["pickup", "taxi"])
    quietly(`the map counts and lists what there is: ${service}`, async () => {
      const page = await at(`#/map?service=${service}`);
      const placed = (await couriersOf(service)).filter(
        (one) => one.lat !== null,
      );
      const phases = [...still.journal.phases(service)].filter(([, phase]) =>
        LIVE.has(phase),
      );
      const waiting = phases.filter(([, one]) => one === "DISPATCHING").length;
      const legend = {
        "calls waiting": waiting,
        "calls with a courier": phases.length - waiting,
      };
      for (const one of placed)
        legend[words.STANDINGS[standing(one)]] =
          1 + (legend[words.STANDINGS[standing(one)]] ?? 0);
      await page.locator(".picks li").first().waitFor();
      const shown = await page.$$eval(".legend button", (all) =>
        Object.fromEntries(
          all.map((one) => {
            const n = one.querySelector(".num").textContent;
            return [one.textContent.slice(0, -n.length).trim(), Number(n)];
          }),
        ),
      );
      assert.deepEqual(shown, legend);
      const lists = await page.$$eval(".map-panel > h2", (heads) =>
        heads.map((head) => [
          head.textContent.trim(),
          [...head.nextElementSibling.querySelectorAll("button")].map((one) =>
            [...one.children].map((part) => part.textContent.trim()).join(": "),
          ),
        ]),
      );
      assert.equal(lists[0][0], `Calls under way ${phases.length}`);
      assert.equal(lists[1][0], `Couriers ${placed.length}`);
      assert.deepEqual(
        lists[0][1].sort(),
        phases.map(([n, one]) => `Call ${n}: ${words.PHASES[one]}`).sort(),
      );
      assert.deepEqual(
        lists[1][1].sort(),
        placed
          .map((one) => `Courier ${one.id}: ${words.STANDINGS[standing(one)]}`)
          .sort(),
      );
    });

  quietly("the map's panel tells of the call and courier chosen", async () => {
    const page = await at("#/map");
    const panel = page.locator(".map-panel");
    const pick = (name) =>
      panel.locator(".picks").getByText(name, { exact: true }).click();
    const call = await callOf("pickup", still.scene.parcels.arrived);
    await pick(`Call ${call.id}`);
    await panel.locator(".facts").waitFor();
    assert.deepEqual(await factsOf(panel.locator(".facts")), {
      Phase: "arrived",
      Place: words.position(call),
      Telephone: words.masked(call.tel),
      Courier: call.courier.name,
      Distance: words.metres(call.courier.distance),
      Created: words.clock(call.createdAt),
      "Created@": call.createdAt,
    });
    const courier = await still.server.ask(
      "GET",
      `/couriers/${call.courier.id}`,
    );
    await panel.getByRole("button", { name: "Close" }).click();
    await pick(`Courier ${courier.id}`);
    await panel.locator(".facts").waitFor();
    const shown = await factsOf(panel.locator(".facts"));
    assert.deepEqual(only(shown, ["Name", "State", "Load", "Vehicle"]), {
      Name: courier.name,
      State: "full",
      Load: count(courier.load),
      Vehicle: courier.vehicle,
    });
    assert.equal(shown["Last heard of@"], courier.lastSeenAt ?? undefined);
  });
}
