// The couriers, against what the customers' API has of them.
import assert from "node:assert/strict";
import { loadOf, standing } from "./company.mjs";
import { visit } from "./console.mjs";
import { factsOf, rowsOf } from "./shown.mjs";
import * as words from "./words.mjs";

const { NOTHING } = words;

// Of a page of a list.
const SIZE = 20;

/** Registers its tests on a company that stands still. */
export function courierTests(still) {
  const { quietly, at, couriersOf } = still;

  quietly("the list of couriers has all of them", async () => {
    const page = await at("#/couriers");
    const all = (await couriersOf()).map((one) => ({
      "No.": String(one.id),
      Name: one.name,
      State: words.STANDINGS[standing(one)],
      Load: loadOf(one),
      Telephone: words.masked(one.tel),
      Vehicle: one.vehicle ?? NOTHING,
      Classes: one.classes.join(", "),
      "Last heard of": one.lastSeenAt ? words.clock(one.lastSeenAt) : NOTHING,
      ...(one.lastSeenAt && { "Last heard of@": one.lastSeenAt }),
    }));
    await page.getByText(`${all.length} couriers`).waitFor();
    assert.deepEqual(await rowsOf(page, "Couriers"), all.slice(0, SIZE));
    await visit(page, "#/couriers?page=1");
    assert.deepEqual(await rowsOf(page, "Couriers"), all.slice(SIZE));
    await visit(page, "#/couriers?service=taxi");
    const taxis = (await couriersOf("taxi")).map((one) => String(one.id));
    assert.deepEqual(
      (await rowsOf(page, "Couriers")).map((one) => one["No."]),
      taxis,
    );
  });

  quietly("couriers are found by state, number and name", async () => {
    const page = await at("#/overview");
    const all = await couriersOf();
    const finds = async (query, wanted) => {
      await visit(page, `#/couriers?${query}`);
      const ids = wanted.map((one) => String(one.id));
      await page.getByText(`${ids.length} couriers`, { exact: true }).waitFor();
      const shown = ids.length ? await rowsOf(page, "Couriers") : [];
      assert.deepEqual(
        shown.map((one) => one["No."]),
        ids.slice(0, SIZE),
        query,
      );
    };
    for (const state of Object.keys(words.STANDINGS))
      await finds(
        `state=${state}`,
        all.filter((one) => standing(one) === state),
      );
    await finds(
      "q=17",
      all.filter((one) => one.id === 17),
    );
    await finds(
      `q=${encodeURIComponent("2호")}`,
      all.filter((one) => one.name.includes("2호")),
    );
  });

  quietly("a courier's page tells what the record says", async () => {
    const page = await at("#/overview");
    for (const id of [1, 19, 20, 22, 23]) {
      await visit(page, `#/couriers/${id}`);
      const one = await still.server.ask("GET", `/couriers/${id}`);
      const title = await page.locator("h1").textContent();
      assert.ok(
        title.endsWith(`${one.name} ${words.STANDINGS[standing(one)]}`),
        title,
      );
      assert.deepEqual(await factsOf(page.locator(".detail-facts .facts")), {
        "No.": String(id),
        Telephone: words.masked(one.tel),
        Service: one.service === "taxi" ? "Taxis" : "Parcels",
        Load: loadOf(one),
        "On shift": one.onShift ? "yes" : "no",
        Vehicle: one.vehicle ?? NOTHING,
        Classes: one.classes.join(", "),
        Place: one.lat === null ? NOTHING : words.position(one),
        "Last heard of": one.lastSeenAt ? words.clock(one.lastSeenAt) : NOTHING,
        ...(one.lastSeenAt && { "Last heard of@": one.lastSeenAt }),
      });
    }
  });
}
