// The console in a real browser, on a real pickupd with traffic, as an operator uses it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { City } from "./city.mjs";
import {
  Browser,
  enter,
  overflow,
  PHONE,
  shoot,
  tabTo,
  visit,
} from "./console.mjs";
import { Comparison } from "./figures.mjs";
import { eventually, Server, TOKEN } from "./server.mjs";

let server;
let city;
let browser;
let killing;

// Of whom three quarters carry parcels.
const COURIERS = 240;

before(async () => {
  server = await new Server().start();
  city = new City();
  city.start(server, COURIERS);
  killing = setInterval(() => {
    const id = 1 + Math.floor(Math.random() * COURIERS);
    server.admin(`/admin/actors/courier/${id}/kill`, "POST").catch(() => {});
  }, 400);
  browser = await Browser.open();
});

after(async () => {
  clearInterval(killing);
  await browser?.close();
  await city?.stop();
  await server?.remove();
});

/** A test that ends with a look at what the pages complained about. */
const quietly = (sentence, body) =>
  test(sentence, async () => {
    await body();
    assert.deepEqual(await browser.leave(), []);
  });

const figure = (page, metric) =>
  page
    .locator(`[data-metric="${metric}"][data-how="sum"]`)
    .first()
    .textContent()
    .then((text) => Number(text.replaceAll(",", "")));

const PAGES = {
  overview: "#/overview",
  map: "#/map",
  calls: "#/calls",
  couriers: "#/couriers",
  courier: "#/couriers/5",
  tree: "#/actors/tree",
  top: "#/actors/top",
  actor: "#/actors/dispatcher/pickup",
  supervision: "#/supervision",
  letters: "#/letters",
  breakers: "#/breakers",
  call: "#/calls/pickup/5",
  history: "#/calls/pickup/5?tab=history",
  explain: "#/calls/pickup/5?tab=explain",
};

test("a wrong token is refused, and the right one is taken out of the address", async () => {
  const page = await browser.window();
  await page.goto(`${server.operators}/console/`);
  await page.getByLabel("Token").fill("open barley");
  await page.getByLabel("Your name").fill("김운영");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await shoot(page, "sign-in-light");
  assert.match((await browser.leave()).join(), /401/);

  const other = await browser.window();
  await enter(other, server);
  assert.ok(!other.url().includes(TOKEN), other.url());
  assert.deepEqual(await browser.leave(), []);
});

quietly("figures and the chart move while calls come", async () => {
  const page = await browser.window();
  await enter(page, server);
  const first = await figure(page, "pickupd_calls_created_total");
  await eventually(
    async () =>
      (await figure(page, "pickupd_calls_created_total")) > first + 20,
    "the count of calls grows",
  );
  await eventually(
    async () =>
      Number(await page.locator("[data-how=rate]").first().textContent()) > 1,
    "the rate of calls is shown",
  );
  await page.locator(".chart canvas").waitFor();
  await visit(page, "#/map");
  await eventually(
    async () => (await page.locator(".picks li").count()) > 20,
    "the map has places",
  );
});

for (const [look, options] of Object.entries({
  light: {},
  dark: { dark: true, locale: "ko-KR" },
  phone: { size: PHONE },
}))
  quietly(
    `every page is shown, none wider than its window: ${look}`,
    async () => {
      const page = await browser.window(options);
      await enter(page, server);
      // Enough seconds for lines to be seen on the pictures.
      await eventually(
        async () => (await page.locator("rect[class^=heat]").count()) > 20,
        "heat",
      );
      for (const [name, hash] of Object.entries(PAGES)) {
        await visit(page, hash);
        await shoot(page, `${name}-${look}`);
        assert.ok(
          (await overflow(page)) <= 0,
          `${name} is ${await overflow(page)} px too wide`,
        );
      }
    },
  );

quietly(
  "a dispatcher is killed by keyboard alone, and its story is told within 2 s",
  async () => {
    // The toast tells of the last restart only.
    clearInterval(killing);
    const page = await browser.window();
    await enter(page, server);
    const watcher = await browser.window();
    await enter(watcher, server, "#/supervision");
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    const dispatcher = page.getByRole("link", { name: "dispatcher pickup/0" });
    await dispatcher.waitFor();
    await tabTo(page, dispatcher);
    await page.keyboard.press("Enter");
    const kill = page.locator("[data-action=kill]");
    await kill.waitFor();
    await tabTo(page, kill);
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.locator(".effects li").first().waitFor();
    assert.match(await dialog.textContent(), /180 courier actors/);
    await shoot(page, "dialog-light");
    await tabTo(page, dialog.getByRole("button", { name: "Kill" }));
    await page.keyboard.press("Enter");
    const done = performance.now();
    const story = /dispatcher pickup .*starts it again/;
    await Promise.all([
      watcher
        .locator(".stories li")
        .filter({ hasText: story })
        .first()
        .waitFor({ timeout: 2_000 }),
      page
        .locator(".toast")
        .filter({ hasText: story })
        .waitFor({ timeout: 2_000 }),
    ]);
    assert.ok(
      performance.now() - done < 2_000,
      `told after ${performance.now() - done} ms`,
    );
    await shoot(page, "toast-light");
    const audit = await dialog.locator("dd").first().textContent();
    assert.match(audit, /^pickup\/0:\d+$/);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await watcher.getByRole("row").filter({ hasText: audit }).waitFor();
  },
);

/** Presses a button that asks, confirms, and gives what the dialog says at the end. */
async function act(page, action, within = page) {
  await within.locator(`[data-action=${action}]`).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.locator(".tally").waitFor();
  await dialog.locator("button.danger").click();
  const said = await dialog.locator("[role=status]").textContent();
  await dialog.getByRole("button", { name: "Close" }).click();
  return said;
}

quietly(
  "every action asks first, is done, and tells its number in the audit",
  async () => {
    const page = await browser.window();
    await enter(page, server);
    await act(page, "pause", page.locator("li").filter({ hasText: "Assign" }));
    await page
      .locator('[data-metric=pickupd_stage_paused][data-value="1"]')
      .waitFor();
    await act(page, "resume");
    await page
      .locator('[data-metric=pickupd_stage_paused][data-value="1"]')
      .waitFor({ state: "detached" });

    await visit(page, "#/breakers");
    const breaker = page.getByRole("row").filter({ hasText: "channel:log" });
    await act(page, "trip", breaker);
    await breaker.getByText("tripped").waitFor();
    await act(page, "reset", breaker);
    await breaker.getByText("closed").waitFor();

    // Of their own: what the city does to others is not for this test to know.
    const call = await server.ask("POST", "/pickupcalls", {
      tel: "01012345678",
      pickupAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await visit(page, `#/calls/pickup/${call.id}`);
    assert.match(await act(page, "unmask"), /Number01012345678/);
    await act(page, "cancel");
    await page.locator("h1").getByText("canceled").waitFor();

    const courier = await server.ask("POST", "/couriers", {
      name: "김기사",
      tel: "01087654321",
    });
    await visit(page, `#/couriers/${courier.id}`);
    await act(page, "off-shift");
    await page.locator("[data-action=on-shift]").waitFor();
    await act(page, "on-shift");

    const { actions } = await server.admin("/admin/audit?limit=200");
    const done = actions.map((one) => one.action);
    for (const action of "pause resume trip reset unmask cancel off-shift on-shift".split(
      " ",
    ))
      assert.ok(
        done.includes(action),
        `${action} is not in the audit: ${done}`,
      );
  },
);

quietly(
  "an actor is traced, and what it handled is listed as it happens",
  async () => {
    const page = await browser.window();
    await enter(page, server, "#/actors/dispatcher/pickup");
    await page.getByRole("button", { name: "Start trace" }).click();
    const traced = page.getByRole("region", { name: "Trace" }).getByRole("row");
    await eventually(
      async () => (await traced.count()) > 5,
      "messages are listed",
    );
    await shoot(page, "trace-light");
    await page.getByRole("button", { name: "Stop and forget" }).click();
    await page.getByRole("button", { name: "Start trace" }).waitFor();
  },
);

quietly(
  "a place on the map is chosen, and shows whom it belongs to",
  async () => {
    const page = await browser.window();
    await enter(page, server, "#/map");
    const chosen = page.locator(".map-panel .card-head h2");
    await page.locator(".picks button").first().click();
    await page.locator(".map-panel .facts").waitFor();
    assert.match(await chosen.textContent(), /Call \d+/);
    const map = page.getByRole("application");
    await shoot(page, "map-chosen-light");

    // Wherever they are just now: a click somewhere in the middle finds one of each.
    const box = await map.boundingBox();
    const found = new Set();
    for (let y = 0.3; y < 0.7 && found.size < 2; y += 0.02)
      for (let x = 0.3; x < 0.7 && found.size < 2; x += 0.02) {
        await page.mouse.click(box.x + x * box.width, box.y + y * box.height);
        if (await chosen.count())
          found.add((await chosen.textContent()).split(" ")[0]);
      }
    assert.deepEqual([...found].sort(), ["Call", "Courier"]);

    const picture = () =>
      map.evaluate((node) =>
        (node.matches("canvas")
          ? node
          : node.querySelector("canvas")
        ).toDataURL(),
      );
    await map.focus();
    for (const key of ["+", "ArrowLeft"]) {
      const before = await picture();
      await page.keyboard.press(key);
      await eventually(
        async () => (await picture()) !== before,
        `${key} moves the map`,
      );
    }
  },
);

quietly("the other service's map and search are its own", async () => {
  const page = await browser.window();
  await enter(page, server, "#/map");
  await page.locator(".picks button").first().click();
  await page.locator(".map-panel .facts").waitFor();
  await page.getByRole("link", { name: "Taxis" }).click();
  await page.locator(".map-panel .facts").waitFor({ state: "detached" });
  await page.keyboard.press("/");
  await page.keyboard.type("1");
  await page.keyboard.press("Enter");
  await eventually(
    () => page.url().endsWith("#/calls/taxi/1"),
    "the taxi call is looked for",
  );
  await page.getByRole("heading", { name: "Call 1" }).waitFor();
});

quietly(
  "the language and the look are chosen in the menu, and kept",
  async () => {
    const page = await browser.window();
    await enter(page, server);
    await page.locator(".menu > button").click();
    await page.getByRole("button", { name: "한국어" }).click();
    await page.getByRole("heading", { name: "개요" }).waitFor();
    await page.getByRole("button", { name: "어둡게" }).click();
    await shoot(page, "menu-dark");
    await page.reload();
    await page.getByRole("heading", { name: "개요" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    assert.equal(await page.locator("html").getAttribute("lang"), "ko");
  },
);

quietly("keys lead to pages, to the search and to their own list", async () => {
  const page = await browser.window();
  await enter(page, server);
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await shoot(page, "keys-light");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("/");
  await page.keyboard.type("7");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Call 7" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await page.getByRole("heading", { name: "Breakers" }).waitFor();
});

quietly(
  "with no traffic, every figure of the overview equals its metric",
  async () => {
    await city.stop();
    const page = await browser.window();
    await enter(page, server);
    const comparison = new Comparison(page, server);
    await eventually(() => comparison.look(), "figures", 20_000, 200).catch(
      () => {},
    );
    assert.deepEqual(comparison.unequal, []);
    assert.ok(
      comparison.seen.size > 40,
      `only ${comparison.seen.size} figures`,
    );
  },
);

/** The cells of a table's rows, by the number or name in the first of each. */
const rowsOf = async (page) =>
  new Map(
    await page.$$eval("tbody tr", (rows) =>
      rows.map((row) => {
        const cells = [...row.cells].map((cell) => cell.textContent);
        return [cells[0], cells];
      }),
    ),
  );

quietly("with no traffic, lists show what the journal holds", async () => {
  const page = await browser.window();
  await enter(page, server, "#/calls");
  const calls = await rowsOf(page);
  const listed = (await server.ask("GET", "/pickupmanages?size=20"))._embedded;
  const known = Object.values(listed)[0];
  assert.equal(known.length, 20);
  for (const { id } of known) {
    const call = await server.ask("GET", `/pickupcalls/${id}`);
    const row = calls.get(String(id));
    assert.ok(row, `call ${id} is not listed: ${[...calls.keys()]}`);
    assert.equal(
      row[1].replace(" ", "_").toUpperCase(),
      call.phase,
      `call ${id}`,
    );
    assert.equal(
      row[6].replaceAll(",", ""),
      String(call.cost ?? "–"),
      `call ${id}`,
    );
  }

  await visit(page, "#/breakers");
  const { breakers } = await server.admin("/admin/breakers");
  const shown = await rowsOf(page);
  for (const one of breakers)
    assert.deepEqual(
      shown.get(one.name).slice(1, 6),
      [one.state, one.calls, one.failed, one.slow, one.rejected].map(String),
      one.name,
    );
});

test("it says that the server is gone, and goes on when it is back", async () => {
  const page = await browser.window();
  await enter(page, server);
  await server.kill();
  await page
    .getByRole("alert")
    .filter({ hasText: "Disconnected" })
    .waitFor({ timeout: 2_000 });
  await shoot(page, "lost-light");
  await server.start();
  await page.locator(".link.live").waitFor({ timeout: 15_000 });
  // All that may have been said is that nobody answered.
  for (const complaint of await browser.leave())
    assert.match(complaint, /ERR_/);
});
