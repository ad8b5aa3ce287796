// What happened and what did not work: restarts against the log, the audit against the journal, dead
// letters and breakers against the provider, and what found no room against the metrics.
import assert from "node:assert/strict";
import { Journal } from "./journal.mjs";
import { matching, sum, valuesOf } from "./samples.mjs";
import { eventually } from "./server.mjs";
import { card, only, rowsOf } from "./shown.mjs";
import * as words from "./words.mjs";

const { count, NOTHING } = words;

/** Registers its tests on a company that stands still. */
export function newsTests(still) {
  const { quietly, at, callOf } = still;

  quietly("restarts are those of the log, told in words", async () => {
    const page = await at("#/supervision");
    await page.locator("[data-restart]").first().waitFor();
    const logged = [
      ...still.server.log.matchAll(
        /^(\S+) warning actor\.crashed supervisor="([^"]+)" child="(\d+)" incarnation=(\d+) .*outcome=(\w+) .*reason="(.*)"$/gm,
      ),
    ].reverse();
    const shown = await page.$$eval(".stories li", (all) =>
      all.map((one) => ({
        n: Number(one.dataset.restart),
        at: one.querySelector("time").dateTime,
        outcome: one.querySelector(".badge").textContent,
        who: one.querySelector("header a, header strong").textContent,
        story: one.querySelector("p").textContent,
      })),
    );
    const samples = await still.server.metrics();
    assert.equal(shown.length, sum(samples, "pickupd_actor_restarts_total"));
    assert.equal(shown.length, logged.length);
    for (const [
      i,
      [, at, supervisor, child, before, outcome, reason],
    ] of logged.entries()) {
      const one = shown[i];
      const who = supervisor.startsWith("calls")
        ? `call pickup:${BigInt(child) & 0xffffffffn}`
        : `courier ${child}`;
      assert.equal(one.n, logged.length - i);
      assert.ok(Math.abs(Date.parse(one.at) - Date.parse(at)) < 50, one.at);
      assert.equal(one.who, who);
      assert.equal(one.outcome, words.OUTCOMES[outcome]);
      const again =
        ["", " (restarted once before)"][before] ??
        ` (restarted ${before} times before)`;
      assert.equal(
        one.story,
        `${who}${again} was ended by operator: ${/kill/.test(reason) ? "killed" : "fault: told to crash"}. ` +
          `Its supervisor ${supervisor} ` +
          (outcome === "restarts"
            ? "starts it again."
            : "does not start it again: it crashed too often; the others go on."),
      );
    }
  });

  quietly("the audit is the journal's", async () => {
    const page = await at("#/supervision");
    await page.getByRole("region", { name: "Audit" }).last().waitFor();
    const rows = await rowsOf(page, "Audit");
    const { actions } = await Journal.of(still.server);
    // The copy that this was read from holds its own making.
    await eventually(
      async () => (await rowsOf(page, "Audit")).length === actions.length,
      "all actions are listed",
    );
    assert.ok(rows.length > 10);
    assert.deepEqual(
      (await rowsOf(page, "Audit")).map((row) => row.Audit).sort(),
      actions.map((one) => one.position).sort(),
    );
    const byId = new Map(actions.map((one) => [one.position, one]));
    for (const row of await rowsOf(page, "Audit")) {
      const one = byId.get(row.Audit);
      const what = `${words.ACTIONS[one.action]}: ${one.object}`;
      assert.deepEqual(row, {
        Time: words.clock(one.at),
        "Time@": one.at,
        Operator: one.operator,
        Action: one.detail ? `${what} ${one.detail}` : what,
        Audit: one.position,
      });
    }
    const times = (await rowsOf(page, "Audit")).map((row) => row["Time@"]);
    assert.deepEqual(times, [...times].sort().reverse());
  });

  quietly("dead letters are what the provider did not deliver", async () => {
    const page = await at("#/letters");
    const rows = await rowsOf(page, "Messages that reached no customer");
    const { messages } = await still.scene.provider.state();
    const sent = messages.map((one) => ({
      Service: "Parcels",
      Message: one.name.replace("PICKUP_", ""),
      Telephone: words.masked(one.tel),
      "By way of": one.channel,
      Code: String(one.code),
      State: words.LETTERS.dead,
      Reason: `not reachable: code ${one.code}`,
    }));
    const key = (one) => one.Telephone;
    const by = (a, b) => key(a).localeCompare(key(b));
    assert.equal(rows.length, 3);
    assert.deepEqual(
      rows.map((row) => only(row, Object.keys(sent[0]))).sort(by),
      sent.sort(by),
    );
    await page.getByText(`${rows.length} messages`).waitFor();
    for (const row of rows) {
      const call = await callOf("pickup", row.Call);
      assert.equal(row.Telephone, words.masked(call.tel));
      assert.ok(row["Time@"] > call.createdAt, row["Time@"]);
      assert.equal(row.Time, words.clock(row["Time@"]));
    }
  });

  quietly("what found no room is what the metrics count", async () => {
    const page = await at("#/letters");
    const samples = await still.server.metrics();
    await page.getByRole("region", { name: "Refused calls" }).last().waitFor();
    const counted = async (title, head, metric, label) => {
      const none = await card(page, title)
        .getByText("none", { exact: true })
        .count();
      const rows = none ? [] : await rowsOf(page, title);
      const shown = {};
      for (const row of rows)
        shown[row[head]] = (shown[row[head]] ?? 0) + words.number(row.Count);
      const expected = Object.fromEntries(
        valuesOf(samples, metric, label)
          .map((one) => [one, sum(samples, metric, { [label]: one })])
          .filter(([, value]) => value > 0),
      );
      assert.deepEqual(shown, expected, title);
    };
    await counted(
      "Refused calls",
      "Cause",
      "pickupd_calls_refused_total",
      "cause",
    );
    await counted(
      "Full mailboxes",
      "Actor",
      "pickupd_mailbox_rejected_total",
      "actor",
    );
    await counted(
      "To actors that had ended",
      "Actor",
      "pickupd_mailbox_late_total",
      "actor",
    );
    const [row] = await rowsOf(page, "Full mailboxes");
    assert.equal(row.Message, "change_courier");
    assert.equal(
      matching(samples, "pickupd_calls_refused_total").filter(
        (one) => one.value,
      ).length,
      2,
    );
  });

  quietly("breakers show what went through them", async () => {
    const page = await at("#/breakers");
    const { counts } = await still.scene.provider.state();
    const made = (service) => still.journal.phases(service).size;
    const expected = {
      "admission:pickup": [made("pickup"), 0],
      // It forgot when it was tripped.
      "admission:taxi": [0, 0],
      "channel:alimtalk": [
        counts["alimtalk sends"] + counts["alimtalk queries"],
        counts["alimtalk error_before"],
      ],
    };
    // What is given up is asked for again and again.
    await eventually(async () => {
      const samples = await still.server.metrics();
      for (const row of await rowsOf(page, "Breakers")) {
        const of = { breaker: row.Breaker };
        const state = matching(samples, "pickupd_breaker_state", of).find(
          (one) => one.value === 1,
        ).labels.state;
        const rejected = sum(samples, "pickupd_breaker_rejected_total", of);
        const [calls, failed] = expected[row.Breaker];
        assert.deepEqual(
          only(row, ["State", "Calls", "Failed", "Slow"]),
          {
            State: words.BREAKERS[state],
            Calls: count(calls),
            Failed: count(failed),
            Slow: "0",
          },
          row.Breaker,
        );
        // It grows between the page's question and this one.
        const ago = rejected - words.number(row.Rejected);
        assert.ok(ago >= 0 && ago <= (state === "open" ? 300 : 0), `${ago}`);
      }
      return true;
    }, "breakers");
    const retry = Object.fromEntries(
      (await rowsOf(page, "Breakers")).map((row) => [
        row.Breaker,
        row["Tries again in"],
      ]),
    );
    assert.equal(retry["admission:pickup"], NOTHING);
    assert.equal(retry["admission:taxi"], "not until reset");
    // An hour after it was given up, as of up to some seconds ago.
    const left = 60 - (Date.now() - still.scene.givenUpAt) / 60_000;
    const shown = words.milliseconds(retry["channel:alimtalk"]) / 60_000;
    assert.ok(
      shown >= Math.floor(left) && shown <= Math.floor(left + 0.1),
      `${shown} of ${left} minutes`,
    );
  });
}
