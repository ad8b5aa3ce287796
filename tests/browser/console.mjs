// A browser with the console in it. What the page complains about is kept, and every test ends by
// looking at it.
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { BIN, eventually, ROOT, TOKEN } from "./server.mjs";

const { chromium } = createRequire(join(ROOT, "console/package.json"))(
  "playwright-core",
);

export const CHROMIUM = process.env.PICKUP_CHROMIUM ?? "/usr/bin/chromium";
const SCREENS = join(BIN, "../console-screenshots");

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 740 };

export class Browser {
  #browser;
  #complaints = [];

  static async open() {
    const opened = new Browser();
    mkdirSync(SCREENS, { recursive: true });
    opened.#browser = await chromium.launch({
      executablePath: CHROMIUM,
      // Root in a container has no sandbox to offer; the page is our own.
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"],
    });
    return opened;
  }

  close() {
    return this.#browser.close();
  }

  /** A window of its own: nothing stored, nobody signed in. */
  async window({ size = DESKTOP, dark = false, locale = "en-US" } = {}) {
    const context = await this.#browser.newContext({
      viewport: size,
      colorScheme: dark ? "dark" : "light",
      locale,
      timezoneId: "Asia/Seoul",
    });
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

  /** Closes all windows and tells what their pages complained about. */
  async leave() {
    await Promise.all(this.#browser.contexts().map((one) => one.close()));
    return this.#complaints.splice(0);
  }
}

/** Signs in by the address pickupd prints, and waits until figures come. */
export async function enter(page, server, hash = "#/overview") {
  await page.goto(`${server.operators}/console/#token=${TOKEN}`);
  await page.locator(".link.live").waitFor();
  if (hash !== "#/overview") await visit(page, hash);
}

/** Goes to a page of the console and waits until nothing on it is still loading. */
export async function visit(page, hash) {
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
