// Everything an operator can do, each once: it asks first, nothing happens before the confirmation or
// after a cancellation, it is done, and it stands in the audit under its number and a name.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { acts, ask, asked, giveUp, OPERATOR } from "./asking.mjs";
import { Browser, quietlyIn, signIn, visit } from "./console.mjs";
import { Journal } from "./journal.mjs";
import { sum } from "./samples.mjs";
import { eventually, Server } from "./server.mjs";
import { factsOf } from "./shown.mjs";

const SEOUL = { lat: 37.5665, lng: 126.978 };

export const actionTests = () =>
  describe("what an operator does", { concurrency: 1 }, () => {
    let server;
    let browser;
    let page;
    const quietly = quietlyIn(() => browser);

    before(async () => {
      server = await new Server().start();
      browser = await Browser.open();
      for (const name of ["김기사", "이기사"])
        await server.ask("POST", "/couriers", {
          name,
          tel: "01087654321",
          ...SEOUL,
        });
    });

    after(async () => {
      await browser?.close();
      await server?.remove();
    });

    /** Signed in with a name, on a page. */
    async function open(hash) {
      page = await browser.seat((one) => signIn(one, server, OPERATOR));
      await visit(page, hash);
    }

    const does = (action, object, { within, ...more } = {}) =>
      acts(page, server, {
        action,
        object,
        open: () => ask(page, action, within),
        ...more,
      });

    const newCall = () =>
      server.ask("POST", "/pickupcalls", { tel: "01012345678", ...SEOUL });

    const callOf = (n) => server.ask("GET", `/pickupcalls/${n}`);
    const courierOf = (n) => server.ask("GET", `/couriers/${n}`);

    const stage = async (name) =>
      sum(await server.metrics(), "pickupd_stage_paused", { stage: name });

    const breaker = async (state) =>
      sum(await server.metrics(), "pickupd_breaker_state", {
        breaker: "admission:taxi",
        state,
      });

    const restarts = async () =>
      sum(await server.metrics(), "pickupd_actor_restarts_total");

    /** The newest restart, once there are more than so many. */
    const story = (more) =>
      eventually(async () => {
        const [one] = (await server.admin("/admin/restarts?limit=1")).restarts;
        return one?.n > more && one;
      }, "the restart is told");

    for (const [name, title] of [
      ["assign", "Assign"],
      ["manage", "Manage"],
    ])
      quietly(`a stage is paused and resumed: ${name}`, async () => {
        await open("#/overview");
        const within = page.locator("li").filter({ hasText: title });
        await does("pause", `stage ${name}`, {
          within,
          still: async () => (await stage(name)) === 0,
        });
        assert.equal(await stage(name), 1);
        await within.getByText("paused", { exact: true }).waitFor();
        await does("resume", `stage ${name}`, {
          within,
          still: async () => (await stage(name)) === 1,
        });
        assert.equal(await stage(name), 0);
        await within.getByText("running", { exact: true }).waitFor();
      });

    quietly("a breaker is tripped, disabled and reset", async () => {
      await open("#/breakers");
      const within = page
        .getByRole("row")
        .filter({ hasText: "admission:taxi" });
      for (const [action, state, word] of [
        ["trip", "forced_open", "tripped"],
        ["disable", "disabled", "disabled"],
        ["reset", "closed", "closed"],
      ]) {
        await does(action, "breaker admission:taxi", {
          within,
          still: async () => (await breaker(state)) === 0,
        });
        assert.equal(await breaker(state), 1);
        await within.getByText(word, { exact: true }).waitFor();
      }
    });

    quietly("a call's number is shown in full to who asks", async () => {
      const { id, tel } = await newCall();
      await open(`#/calls/pickup/${id}`);
      assert.ok(!(await page.textContent("main")).includes(tel));
      const { said } = await does("unmask", `call pickup:${id}`);
      assert.equal(said.Number, tel);
    });

    quietly(
      "a call is taken from its courier and given to another",
      async () => {
        const { id, courier } = await newCall();
        await open(`#/calls/pickup/${id}`);
        const { tally } = await does("reassign", `call pickup:${id}`, {
          detail: "너무 멀어요",
          still: async () => (await callOf(id)).courier?.id === courier.id,
        });
        assert.deepEqual(tally, { stopped: 0, redispatched: 1 });
        const other = await eventually(
          async () => (await callOf(id)).courier,
          "another courier has it",
        );
        assert.notEqual(other.id, courier.id);
      },
    );

    quietly("a call is canceled", async () => {
      const { id } = await newCall();
      await open(`#/calls/pickup/${id}`);
      await does("cancel", `call pickup:${id}`, {
        detail: "손님이 없어요",
        still: async () => (await callOf(id)).phase !== "CANCELED",
      });
      assert.equal((await callOf(id)).phase, "CANCELED");
      await page.locator("h1").getByText("canceled").waitFor();
      assert.equal(await page.locator("[data-action=cancel]").count(), 0);
    });

    quietly("a courier is taken off shift, and put on again", async () => {
      await open("#/couriers/2");
      const onShift = async () => (await courierOf(2)).onShift;
      await does("off-shift", "courier 2", { still: onShift });
      assert.equal(await onShift(), false);
      await page.locator("h1").getByText("off shift").waitFor();
      await does("on-shift", "courier 2", {
        still: async () => !(await onShift()),
      });
      assert.equal(await onShift(), true);
    });

    quietly("a courier's number is shown in full to who asks", async () => {
      await open("#/couriers/2");
      const { said } = await does("unmask", "courier 2");
      assert.equal(said.Number, "01087654321");
    });

    for (const action of ["kill", "restart", "crash"])
      quietly(`an actor is told to ${action}`, async () => {
        await open("#/actors/courier/1");
        const before = await restarts();
        const still = async () => (await restarts()) === before;
        const { tally } = await does(action, "courier 1", { still });
        assert.deepEqual(tally, { stopped: 1, redispatched: 0 });
        // Those that are told to crash or to hang do so at their next message.
        await server.ask("PUT", "/couriers/1/location", SEOUL);
        const one = await story(before);
        assert.deepEqual(one.actor, { kind: "courier", id: "1" });
        await page.locator(`[data-restart="${one.n}"]`).waitFor();
        const told = await page
          .locator(`[data-restart="${one.n}"] p`)
          .textContent();
        assert.ok(told.includes(`was ended by ${OPERATOR}`), told);
      });

    quietly("an actor is told to hang, and is seen to", async () => {
      await open("#/actors/courier/1");
      await page.locator("[data-action=hang]").click();
      const dialog = page.getByRole("dialog");
      const plan = dialog.locator(".effects li").first();
      await plan.filter({ hasText: "for 500ms" }).waitFor();
      await dialog.getByRole("textbox").fill("2s");
      assert.ok(await dialog.locator("button.danger").isDisabled());
      await plan.filter({ hasText: "for 2s" }).waitFor();
      await dialog.getByRole("button", { name: "Back" }).click();
      const { entry } = await does("hang", "courier 1", { detail: "3s" });
      assert.equal(entry.action, "hang");
      await server.ask("PUT", "/couriers/1/location", SEOUL);
      await eventually(async () => {
        const facts = await factsOf(page.locator(".detail-facts .facts"));
        return /\w+, [\d.]+ m?s/.test(facts["Handles now"]);
      }, "it is seen to hang");
      await eventually(async () => {
        const facts = await factsOf(page.locator(".detail-facts .facts"));
        return facts["Handles now"] === "nothing";
      }, "it works again");
    });

    quietly("a copy of the database is made", async () => {
      await open("#/overview");
      const backup = async () => {
        await page.locator(".menu > button").click();
        await page.getByRole("button", { name: "Back up…" }).click();
        return asked(page);
      };
      const { said } = await acts(page, server, {
        action: "backup",
        object: "process",
        open: backup,
      });
      assert.match(said.Copy, /\/data\/backups\/[\dTZ.-]+$/);
    });

    quietly(
      "everything done stands in the audit that the page shows",
      async () => {
        await open("#/supervision");
        const { actions } = await server.admin("/admin/audit?limit=100");
        for (const { id, operator } of actions) {
          assert.equal(operator, OPERATOR);
          const row = page.getByRole("row").filter({
            has: page.getByText(id, { exact: true }),
          });
          await row.getByText(OPERATOR).waitFor();
        }
        assert.deepEqual(
          [...new Set(actions.map((one) => one.action))].sort(),
          "backup cancel crash disable hang kill off-shift on-shift pause reassign reset restart resume trip unmask".split(
            " ",
          ),
        );
      },
    );

    // The last one: after it there is no server.
    quietly("the node is drained, and ends", async (t) => {
      await open("#/overview");
      t.after(() => server.kill());
      const drain = async () => {
        await page.locator(".menu > button").click();
        await page.getByRole("button", { name: "Drain and stop…" }).click();
        return asked(page);
      };
      const first = await drain();
      await giveUp(first);
      assert.ok((await fetch(`${server.operators}/readyz`)).ok);
      const dialog = await drain();
      assert.ok((await fetch(`${server.operators}/readyz`)).ok);
      await dialog.locator("button.danger").click();
      const said = await factsOf(dialog.locator("dl[role=status]"));
      assert.match(said.Audit, /^pickup\/0:\d+$/);
      assert.equal(await server.ended(), 0);
      const [entry] = (await Journal.in(server.data)).actions;
      assert.deepEqual(
        [entry.position, entry.operator, entry.action],
        [said.Audit, OPERATOR, "drain"],
      );
      await page.locator(".link.lost").waitFor();
      browser.tolerate(/ERR_/);
    });
  });
