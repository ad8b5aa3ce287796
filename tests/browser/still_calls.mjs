// The calls: their list, and all that is told of one, against the customers' API and the journal.
import assert from "node:assert/strict";
import { loadOf } from "./company.mjs";
import { visit } from "./console.mjs";
import { seqOf } from "./journal.mjs";
import { eventually } from "./server.mjs";
import { factsOf, rowsOf } from "./shown.mjs";
import * as words from "./words.mjs";

const { count, NOTHING } = words;

// Of a page of a list.
const SIZE = 20;

/** Registers its tests on a company that stands still. */
export function callTests(still) {
  const { quietly, at, callOf } = still;

  /** A call as its row has to be. */
  const rowOf = (call) => ({
    "No.": String(call.id),
    Phase: words.PHASES[call.phase],
    Telephone: words.masked(call.tel),
    Place: call.location ?? words.position(call),
    Courier: call.courier?.name ?? NOTHING,
    Class: call.parcelType ?? call.taxiClass,
    Fare: count(call.cost),
    Created: words.clock(call.createdAt),
    "Created@": call.createdAt,
  });

  for (const service of ["pickup", "taxi"])
    quietly(`the list of calls has all of them: ${service}`, async () => {
      const page = await at(`#/calls/${service}`);
      const managed = await still.server.all(`/${service}manages`);
      const newest = managed.map((one) => one.id).sort((a, b) => b - a);
      const calls = await Promise.all(
        newest.map((n) => callOf(service, n).then(rowOf)),
      );
      await page.getByText(`${count(newest.length)} calls`).waitFor();
      assert.deepEqual(await rowsOf(page, "Calls"), calls.slice(0, SIZE));
      if (calls.length <= SIZE) return;
      assert.equal(
        await page.locator(".pager .num").textContent(),
        `Page 1 of ${Math.ceil(calls.length / SIZE)}`,
      );
      await page.getByRole("link", { name: "Next" }).click();
      await page.getByText("Page 2 of").waitFor();
      await eventually(
        async () =>
          (await rowsOf(page, "Calls")).length === calls.length - SIZE,
        "the second page is shown",
      );
      assert.deepEqual(await rowsOf(page, "Calls"), calls.slice(SIZE));
    });

  quietly("calls are found by status and by telephone number", async () => {
    const page = await at("#/calls");
    for (const [status, word] of Object.entries(words.STATUSES)) {
      await visit(page, `#/calls/pickup?status=${encodeURIComponent(status)}`);
      const wanted = (await still.server.all("/pickupmanages"))
        .filter((one) => one.status === status)
        .map((one) => String(one.id))
        .sort((a, b) => b - a);
      assert.ok(wanted.length > 0, word);
      await page.getByText(`${wanted.length} calls`).waitFor();
      const shown = await rowsOf(page, "Calls");
      assert.deepEqual(
        shown.map((one) => one["No."]),
        wanted,
        word,
      );
    }
    const call = await callOf("pickup", still.scene.parcels.heavy);
    await visit(page, `#/calls/pickup?tel=${call.tel}`);
    assert.deepEqual(await rowsOf(page, "Calls"), [rowOf(call)]);
  });

  for (const [service, name] of [
    ["pickup", "completed"],
    ["pickup", "heavy"],
    ["pickup", "later1"],
    ["pickup", "canceled"],
    ["taxi", "confirmed"],
    ["taxi", "waiting"],
  ])
    quietly(`a call's facts are those of the call: ${name}`, async () => {
      const n = (service === "taxi" ? still.scene.taxis : still.scene.parcels)[
        name
      ];
      const page = await at(`#/calls/${service}/${n}`);
      const call = await callOf(service, n);
      const { phase } = still.journal.steps(service, n).at(-1);
      const last = still.journal.of(service, n).at(-1);
      const title = await page.locator("h1").textContent();
      const whose = service === "taxi" ? "Taxis" : "Parcels";
      const named = `${whose} · Call ${n} ${words.PHASES[phase]}`;
      assert.ok(title.endsWith(named), title);
      assert.deepEqual(await factsOf(page.locator(".detail-facts .facts")), {
        Service: service === "taxi" ? "Taxis" : "Parcels",
        Status: words.STATUSES[call.status],
        Telephone: words.masked(call.tel),
        Place: call.location ?? words.position(call),
        Class: call.parcelType ?? call.taxiClass,
        Courier: call.courier
          ? `${call.courier.name} ${words.metres(call.courier.distance)}`
          : NOTHING,
        Fare: count(call.cost),
        Memo: call.memo ?? NOTHING,
        Created: words.clock(call.createdAt),
        "Created@": still.journal.of(service, n)[0].at,
        Updated: words.clock(call.updatedAt),
        "Updated@": last.at,
        ...(call.pickupAt && {
          "Wanted at": words.clock(call.pickupAt),
          "Wanted at@": call.pickupAt,
        }),
        "Position in the journal": count(seqOf(last)),
        "Correlation id": last.correlationId,
      });
    });

  quietly("a call's history is the journal's", async () => {
    const page = await at("#/overview");
    for (const name of ["completed", "declined", "canceled", "waiting1"]) {
      const n = still.scene.parcels[name];
      await visit(page, `#/calls/pickup/${n}?tab=history`);
      const steps = still.journal.steps("pickup", n).map((step) => ({
        Time: words.fineClock(step.at),
        "Time@": step.at,
        Event: step.event,
        Phase: words.PHASES[step.phase],
        Courier: step.courierId ? String(step.courierId) : NOTHING,
        Distance: words.metres(step.distance),
        Cause: step.cause ?? NOTHING,
        Detail: step.reason || NOTHING,
      }));
      assert.deepEqual(await rowsOf(page, "History"), steps, name);
    }
  });

  quietly("a timeline joins requests, journal and messages", async () => {
    const page = await at("#/overview");
    for (const name of ["lost1", "declined"]) {
      const n = still.scene.parcels[name];
      await visit(page, `#/calls/pickup/${n}`);
      await page.locator(".timeline li").first().waitFor();
      const shown = await page.$$eval(".timeline > li", (all) =>
        all.map((one) => ({
          at: one.querySelector("time").dateTime,
          time: one.querySelector("time").textContent,
          source: one.querySelector(".badge").textContent,
          title: one.querySelector("strong").textContent,
          detail: one.querySelector("p").textContent,
        })),
      );
      const from = (source) => shown.filter((one) => one.source === source);
      for (const one of shown)
        assert.equal(one.time, words.fineClock(one.at), one.title);
      assert.deepEqual(
        shown.map((one) => one.at),
        shown.map((one) => one.at).sort(),
      );
      assert.deepEqual(
        from("journal").map(({ at, title, detail }) => [at, title, detail]),
        still.journal
          .steps("pickup", n)
          .map((step) => [
            step.at,
            step.event,
            [
              step.phase,
              step.courierId && `courier ${step.courierId}`,
              step.event === "PickupAssigned" &&
                `${Math.round(step.distance)} m away`,
              step.cause && `by ${step.cause}`,
              step.reason,
            ]
              .filter(Boolean)
              .join(", "),
          ]),
      );
      const [made] = from("http");
      assert.equal(made.title, "POST /pickupcalls");
      assert.match(made.detail, /^201 in [\d.]+ ms$/);
      // One for every entry that owes one.
      const owed = still.journal.of("pickup", n).filter((one) => one.owes);
      assert.deepEqual(
        from("message").map((one) => one.title),
        owed.map((one) => `customer is told ${one.owes.message}`),
      );
      if (name === "lost1")
        assert.match(from("message")[0].detail, /by alimtalk.*code 3018/);
    }
  });

  /** Metres between two places on a sphere of the earth's mean radius. */
  function between(a, b) {
    const rad = (degrees) => (degrees * Math.PI) / 180;
    const h =
      Math.sin(rad(b.lat - a.lat) / 2) ** 2 +
      Math.cos(rad(a.lat)) *
        Math.cos(rad(b.lat)) *
        Math.sin(rad(b.lng - a.lng) / 2) ** 2;
    return 2 * 6_371_010 * Math.asin(Math.sqrt(h));
  }

  quietly("why a courier was chosen is what was stored with it", async () => {
    const page = await at("#/overview");
    for (const name of ["declined", "heavy"]) {
      const n = still.scene.parcels[name];
      await visit(page, `#/calls/pickup/${n}?tab=explain`);
      const stored = still.journal
        .of("pickup", n)
        .filter((one) => one.explanation)
        .reverse();
      const sections = page.locator(".explanation");
      await sections.first().waitFor();
      assert.equal(await sections.count(), stored.length, name);
      for (const [i, entry] of stored.entries()) {
        const { considered, lat, lng } = entry.explanation;
        const section = sections.nth(i);
        const heading = await section.locator("h3").textContent();
        assert.equal(heading, `Assignment ${seqOf(entry)}`);
        assert.equal(
          await section.locator("time").first().getAttribute("datetime"),
          entry.at,
        );
        const rows = await rowsOf(section, "Considered");
        const chosen = considered.find((one) => one.verdict === "chosen");
        assert.deepEqual(
          rows.map((row) => ({ ...row, Why: undefined })),
          considered.map((one) => ({
            Courier: String(one.courierId),
            Verdict: words.VERDICTS[one.verdict],
            Distance: words.metres(one.distance),
            Load: loadOf(one),
            "Idle since": words.clock(one.idleSince),
            "Idle since@": one.idleSince,
            Why: undefined,
          })),
        );
        for (const [row, one] of considered.map((one, k) => [rows[k], one])) {
          assert.ok(
            Math.abs(between(one, { lat, lng }) - one.distance) < 0.2,
            `courier ${one.courierId}: ${one.distance} m`,
          );
          const farther = (one.distance - chosen.distance).toFixed(1);
          if (one.verdict === "farther")
            assert.equal(
              row.Why,
              `${farther} m farther than courier ${chosen.courierId}`,
            );
          else assert.notEqual(row.Why, "");
        }
      }
    }
  });
}
