// A browser with the console in it. What the page complains about is kept, and every test ends by
// looking at it.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { BIN, eventually, ROOT } from "./server.mjs";

const { chromium } = createRequire(join(ROOT, "console/package.json"))(
  "playwright-core",
);

export const CHROMIUM = process.env.PICKUP_CHROMIUM ?? "/usr/bin/chromium";
const SCREENS = join(BIN, "../console-screenshots");

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 740 };

/** Windows of a Chromium that others may have windows of, too. */
export class Browser {
  #browser;
  #windows = new Set();
  #seat = null;
  #complaints = [];

  static #started = null;

  static async open() {
    Browser.#started ??= chromium.launch({
      executablePath: CHROMIUM,
      // Root in a container has no sandbox to offer; the page is our own.
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"],
    });
    const opened = new Browser();
    mkdirSync(SCREENS, { recursive: true });
    opened.#browser = await Browser.#started;
    return opened;
  }

  /** Ends the one process in which all of them are. */
  static async end() {
    await (await Browser.#started)?.close();
  }

  async close() {
    await this.leave();
  }

  /** A window of its own: nothing stored, nobody signed in. */
  async window({ size = DESKTOP, dark = false, locale = "en-US" } = {}) {
    const context = await this.#browser.newContext({
      viewport: size,
      colorScheme: dark ? "dark" : "light",
      locale,
      timezoneId: "Asia/Seoul",
    });
    this.#windows.add(context);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on("console", (said) => {
      if (["error", "warning"].includes(said.type()))
        this.#complaints.push(said.text());
    });
    page.on("pageerror", (failed) => this.#complaints.push(String(failed)));
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // A page that is left gives up what it asked for.
      if (why !== "net::ERR_ABORTED")
        this.#complaints.push(`${request.url()}: ${why}`);
    });
    page.on("response", (answer) => {
      if (answer.status() >= 400)
        this.#complaints.push(`${answer.url()}: ${answer.status()}`);
    });
    return page;
  }

  /** A window that tests after each other use; `open` makes it ready, when there is none. */
  async seat(open) {
    if (!this.#seat) {
      const page = await this.window();
      await open(page);
      this.#seat = page;
    }
    return this.#seat;
  }

  /** What was complained about so far was to be expected, if all of it is like this. */
  tolerate(pattern) {
    for (const one of this.#complaints.splice(0)) assert.match(one, pattern);
  }

  /** The same, where there must have been a complaint. */
  expect(pattern) {
    assert.ok(this.#complaints.length > 0, `nothing like ${pattern}`);
    this.tolerate(pattern);
  }

  /** Closes all windows, perhaps but for the seat; tells what their pages complained about. */
  async leave({ seat = false } = {}) {
    const kept = seat ? this.#seat?.context() : null;
    if (!kept) this.#seat = null;
    const others = [...this.#windows].filter((one) => one !== kept);
    this.#windows = new Set(kept ? [kept] : []);
    await Promise.all(others.map((one) => one.close()));
    return this.#complaints.splice(0);
  }
}

/**
 * Tests that end with a look at what their pages complained about; what one left open is closed,
 * however it ended.
 */
export const quietlyIn = (browser) => (sentence, body) =>
  test(sentence, async (t) => {
    let passed = false;
    let complaints = [];
    try {
      await body(t);
      passed = true;
    } finally {
      complaints = await browser().leave({ seat: passed });
    }
    assert.deepEqual(complaints, []);
  });

/** Signs in by the address pickupd prints, and waits until figures come. */
export async function enter(page, server, hash = "#/overview") {
  await page.goto(`${server.operators}/console/#token=${server.token}`);
  await page.locator(".link.live").waitFor();
  if (hash !== "#/overview") await visit(page, hash);
}

/** Signs in by the form, with a name. */
export async function signIn(page, server, operator) {
  await page.goto(`${server.operators}/console/`);
  await page.getByLabel("Token").fill(server.token);
  await page.getByLabel("Your name").fill(operator);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".link.live").waitFor();
}

/**
 * Goes to a page of the console, and waits until it is there: its content when that is named, else
 * all that it had to load.
 */
export async function visit(page, hash, content = "main h1") {
  // Where one is already, the page would not ask anew.
  if ((await page.evaluate(() => location.hash)) === hash) {
    await page.evaluate(() => (location.hash = "#/nowhere"));
    await page.locator("main h1").waitFor({ state: "detached" });
  }
  await page.evaluate((to) => (location.hash = to), hash);
  // Not by waitForFunction, which the page's policy against eval stops.
  const settled = (to) =>
    location.hash === to &&
    document.querySelector("main h1") !== null &&
    !/Loading…|불러오는 중/.test(document.querySelector("main").textContent);
  await eventually(
    () => page.evaluate(settled, hash),
    `${hash} shows something`,
  );
  await page.locator(content).first().waitFor();
  // What is drawn on a canvas is drawn with the next frames.
  await page.evaluate(
    () =>
      new Promise((done) =>
        requestAnimationFrame(() => requestAnimationFrame(done)),
      ),
  );
}

export const shoot = (page, name) =>
  page.screenshot({ path: join(SCREENS, `${name}.png`) });

/** How many pixels wider than the window the page is. */
export const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** Presses Tab until `wanted` has the focus: it can be reached without a mouse. */
export async function tabTo(page, wanted, most = 80) {
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((node) => node === document.activeElement))
      return;
  }
  throw new Error(`${wanted}: not reached with ${most} presses of Tab`);
}
