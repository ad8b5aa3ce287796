// The console while a city is at work and its actors are killed, and just after.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { City } from "./city.mjs";
import {
  Browser,
  enter,
  overflow,
  PHONE,
  quietlyIn,
  shoot,
  tabTo,
  visit,
} from "./console.mjs";
import { Killer, seeded } from "./killer.mjs";
import { Comparison, figuresOn } from "./overview.mjs";
import { pagesOf } from "./pages.mjs";
import { Rates } from "./rates.mjs";
import { sum } from "./samples.mjs";
import { eventually, Server } from "./server.mjs";
import { number } from "./words.mjs";

// Of whom three quarters carry parcels.
const COURIERS = 240;

// How pages look, and of which there are pictures: of all, or of those that are drawn otherwise.
const LOOKS = {
  light: {},
  dark: { dark: true, locale: "ko-KR" },
  phone: { size: PHONE },
};
const DARK = new Set(
  "overview map call explain tree supervision letters breakers".split(" "),
);

export const liveTests = () =>
  describe("a city at work", () => {
    let server;
    let city;
    let browser;
    let killer;
    const quietly = quietlyIn(() => browser);

    before(async () => {
      server = await new Server().start();
      city = new City();
      city.start(server, COURIERS);
      killer = new Killer(server, seeded(20261123));
      killer.start(COURIERS, 400);
      browser = await Browser.open();
    });

    after(async () => {
      await killer?.stop();
      await browser?.close();
      await city?.stop();
      await server?.remove();
    });

    /** The console, on a page. */
    async function at(hash) {
      const page = await browser.seat((one) => enter(one, server));
      await visit(page, hash);
      return page;
    }

    const restartsNow = async () =>
      sum(await server.metrics(), "pickupd_actor_restarts_total");

    quietly("figures, lines and lists move while calls come", async () => {
      const page = await at("#/overview");
      const look = async () => {
        const shown = await figuresOn(page);
        return {
          made: number(
            shown["Calls accepted per second: accepted since the start"],
          ),
          restarts: number(shown["Restarts since the start"]),
          line: await page
            .locator(".spark polyline")
            .first()
            .getAttribute("points"),
          cells: await page.locator("rect[class^=heat]").count(),
        };
      };
      await page
        .locator(".spark polyline")
        .first()
        .waitFor({ state: "attached" });
      const first = await look();
      await eventually(async () => {
        const now = await look();
        return (
          now.made > first.made + 20 &&
          now.restarts > first.restarts &&
          now.line !== first.line &&
          now.cells > first.cells
        );
      }, "all of them move");
      await page.locator(".chart canvas").waitFor();

      await visit(page, "#/calls", "tbody tr");
      const newest = () => page.locator("tbody tr a").first().textContent();
      const before = await newest();
      await eventually(
        async () => Number(await newest()) > Number(before),
        "new calls are listed",
      );
      await visit(page, "#/map", ".picks li >> nth=20");
      const places = () =>
        page
          .getByRole("application")
          .evaluate((node) =>
            (node.matches("canvas")
              ? node
              : node.querySelector("canvas")
            ).toDataURL(),
          );
      const drawn = await places();
      await eventually(async () => (await places()) !== drawn, "the map moves");
    });

    quietly("rates are the growth of their metrics", async () => {
      const page = await at("#/overview");
      await server.admin("/admin/breakers/admission:taxi/trip", "POST");
      try {
        const rates = new Rates(page, server);
        await eventually(() => rates.look(), "rates", 15_000, 150).catch(
          () => {},
        );
        assert.deepEqual([...rates.unequal], []);
        for (const [name, shown] of Object.entries(rates.shown))
          if (!name.endsWith("in the last second"))
            assert.ok(shown > 0, `${name} is ${shown}`);
      } finally {
        await server.admin("/admin/breakers/admission:taxi/reset", "POST");
      }
    });

    quietly("every page is shown, none wider than its window", async () => {
      const pages = pagesOf({ call: 5, courier: 5 });
      await Promise.all(
        Object.entries(LOOKS).map(async ([look, options]) => {
          const page = await browser.window(options);
          await enter(page, server);
          // Enough seconds for lines to be seen on the pictures.
          await page
            .locator(".heat svg rect >> nth=25")
            .waitFor({ state: "attached" });
          for (const [name, [hash, content]] of Object.entries(pages)) {
            if (look === "dark" && !DARK.has(name)) continue;
            await visit(page, hash, content);
            await shoot(page, `${name}-${look}`);
            const wider = await overflow(page);
            assert.ok(wider <= 0, `${name}-${look} is ${wider} px too wide`);
          }
        }),
      );
    });

    quietly(
      "a dispatcher is killed by keyboard alone, and its story is told within 2 s",
      async () => {
        // Toasts tell of the last restarts only.
        await killer.stop();
        const page = await at("#/overview");
        const watcher = await browser.window();
        await enter(watcher, server, "#/supervision");
        await page.keyboard.press("g");
        await page.keyboard.press("a");
        const dispatcher = page.getByRole("link", {
          name: "dispatcher pickup/0",
        });
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

    quietly(
      "an actor is traced, and what it handled is listed as it happens",
      async () => {
        const page = await at("#/actors/dispatcher/pickup");
        await page.getByRole("button", { name: "Start trace" }).click();
        const traced = page
          .getByRole("region", { name: "Trace" })
          .getByRole("row");
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
        const page = await at("#/map");
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
            await page.mouse.click(
              box.x + x * box.width,
              box.y + y * box.height,
            );
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
      const page = await at("#/map");
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
      await page.getByRole("heading", { name: "Taxis · Call 1" }).waitFor();
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
        assert.equal(
          await page.locator("html").getAttribute("data-theme"),
          "dark",
        );
        assert.equal(await page.locator("html").getAttribute("lang"), "ko");
      },
    );

    quietly(
      "keys lead to pages, to the search and to their own list",
      async () => {
        const page = await at("#/overview");
        await page.keyboard.press("?");
        await page.getByRole("dialog").waitFor();
        await shoot(page, "keys-light");
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
        await page.keyboard.press("/");
        await page.keyboard.type("1");
        await page.keyboard.press("Enter");
        // Both services have one of that number.
        await page.getByRole("link", { name: "Taxis · Call 1" }).waitFor();
        await page.getByRole("link", { name: "Parcels · Call 1" }).click();
        await page.getByRole("heading", { name: "Parcels · Call 1" }).waitFor();
        await page.keyboard.press("g");
        await page.keyboard.press("b");
        await page.getByRole("heading", { name: "Breakers" }).waitFor();
      },
    );

    quietly("whoever was killed is seen to have been restarted", async () => {
      await killer.stop();
      assert.deepEqual(killer.failed, []);
      assert.ok(killer.killed > 20, `only ${killer.killed} were killed`);
      assert.ok((await restartsNow()) >= killer.killed);
      const page = await at("#/supervision");
      const listed = page.locator("[data-restart]");
      await eventually(
        async () => (await listed.count()) >= Math.min(100, killer.killed),
        "their stories are listed",
      );
    });

    quietly(
      "with no traffic, every figure of the overview equals its metric",
      async () => {
        await city.stop();
        const page = await at("#/overview");
        const comparison = new Comparison(page, server);
        await eventually(() => comparison.look(), "figures", 20_000, 200).catch(
          () => {},
        );
        assert.deepEqual(comparison.unequal, []);
      },
    );
  });
