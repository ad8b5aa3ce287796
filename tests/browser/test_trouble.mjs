// What the console says when there is nothing to show, or something is wrong.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { Browser, enter, quietlyIn, shoot, signIn, visit } from "./console.mjs";
import { eventually, Server } from "./server.mjs";

export const troubleTests = () =>
  describe("when something is wrong or missing", { concurrency: 1 }, () => {
    let server;
    let browser;
    const quietly = quietlyIn(() => browser);

    before(async () => {
      server = await new Server().start();
      browser = await Browser.open();
    });

    after(async () => {
      await browser?.close();
      await server?.remove();
    });

    quietly("a new server's pages say that there is nothing yet", async () => {
      const page = await browser.seat((one) => enter(one, server));
      for (const [name, text] of Object.entries({
        calls: "No call is like that.",
        couriers: "There are no couriers.",
        supervision: "Nothing has been restarted.",
        letters: "No dead letters.",
      })) {
        await visit(page, `#/${name}`);
        await page.getByText(text).waitFor();
        await shoot(page, `empty-${name}-light`);
      }
      await visit(page, "#/supervision");
      await page.getByText("No operator has done anything yet.").waitFor();
      await visit(page, "#/letters");
      assert.equal(await page.getByText("none", { exact: true }).count(), 3);
      await visit(page, "#/actors/top?kind=call");
      await page.getByText("No actor of that kind is alive.").waitFor();
      await visit(page, "#/map");
      assert.deepEqual(await page.locator(".map-panel h2").allTextContents(), [
        "Calls under way 0",
        "Couriers 0",
      ]);
      await visit(page, "#/overview");
      assert.equal(
        (await page.locator(".tile-figure").first().textContent()).trim(),
        "0",
      );
    });

    quietly("what there is not is said not to be there", async () => {
      const page = await browser.seat((one) => enter(one, server));
      for (const hash of [
        "#/calls/pickup/77",
        "#/couriers/77",
        "#/actors/courier/77",
      ]) {
        await visit(page, hash);
        await page.locator("[role=alert]").waitFor();
      }
      await visit(page, "#/overview");
      await page.locator(".tile").first().waitFor();
      browser.expect(/404/);
    });

    quietly("a refusal for lack of room is told with its reason", async () => {
      const watching = new AbortController();
      const watch = () =>
        fetch(`${server.operators}/admin/feed?interval=1min`, {
          headers: { Authorization: `Bearer ${server.token}` },
          signal: watching.signal,
        });
      try {
        // As many as there may be.
        await eventually(async () => !(await watch()).ok, "no more may watch");
        const page = await browser.window();
        await page.goto(`${server.operators}/console/#token=${server.token}`);
        const banner = page
          .getByRole("alert")
          .filter({ hasText: "Disconnected" });
        await banner.waitFor();
        const why = /figures are old, trying again\.\s*(.*)/.exec(
          await banner.textContent(),
        )[1];
        assert.match(why, /feed|watch|many/i);
        watching.abort();
        await page.locator(".link.live").waitFor({ timeout: 15_000 });
        browser.expect(/503/);
      } finally {
        watching.abort();
      }
    });

    quietly("a node that takes no commits says so, and why", async () => {
      const page = await browser.window();
      // Full disks are dear: what the node would tell then is told in its place.
      const figures = await server.admin("/admin/metrics");
      const full = {
        ...figures,
        ready: false,
        notReady: ["journal: no space left"],
        metrics: figures.metrics.map((one) =>
          one.name === "pickupd_storage_available" ? { ...one, value: 0 } : one,
        ),
      };
      await page.route("**/admin/feed*", (route) =>
        route.fulfill({
          contentType: "text/event-stream",
          body: `event: figures\ndata: ${JSON.stringify(full)}\n\n`,
        }),
      );
      await page.goto(`${server.operators}/console/#token=${server.token}`);
      await page.getByText("refusing commits").waitFor();
      await page.getByText("Not ready: journal: no space left").waitFor();
      await shoot(page, "not-ready-light");
    });

    quietly("a token that is changed asks for another", async (t) => {
      t.after(async () => {
        await server.kill();
        server.token = "sesame";
        await server.start();
      });
      const page = await browser.window();
      await enter(page, server, "#/calls");
      await server.kill();
      server.token = "barley";
      await server.start();
      await page
        .getByRole("alert")
        .filter({ hasText: "did not accept this token" })
        .waitFor({ timeout: 15_000 });
      await page.getByLabel("Token").fill("barley");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.locator(".link.live").waitFor();
      browser.expect(/401|ERR_/);
    });

    quietly(
      "a wrong token is refused, and the right one is taken out of the address",
      async () => {
        const page = await browser.window();
        await page.goto(`${server.operators}/console/`);
        await page.getByLabel("Token").fill("open barley");
        await page.getByLabel("Your name").fill("김운영");
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.getByRole("alert").waitFor();
        await shoot(page, "sign-in-light");
        browser.expect(/401/);

        const other = await browser.window();
        await enter(other, server);
        assert.ok(!other.url().includes(server.token), other.url());
      },
    );

    quietly(
      "it says that the server is gone, and goes on when it is back",
      async () => {
        const page = await browser.window();
        await enter(page, server, "#/couriers");
        await server.kill();
        await page
          .getByRole("alert")
          .filter({ hasText: "Disconnected" })
          .waitFor({ timeout: 2_000 });
        await shoot(page, "lost-light");
        await server.start();
        await page.locator(".link.live").waitFor({ timeout: 15_000 });
        await eventually(
          async () => (await page.locator(".banner").count()) === 0,
          "nothing is said of it any more",
        );
        // All that may have been said is that nobody answered.
        browser.tolerate(/ERR_/);
      },
    );
  });
