// Actions, as an operator does them: a button, a dialog that says what would happen, a confirmation.
import assert from "node:assert/strict";
import { factsOf } from "./shown.mjs";
import { number } from "./words.mjs";

export const OPERATOR = "김운영";

/** Presses a button that asks, and waits until the dialog has said what would happen. */
export async function ask(page, action, within = page) {
  await within.locator(`[data-action=${action}]`).first().click();
  return asked(page);
}

/** The dialog that is open, once it has said what would happen. */
export async function asked(page) {
  const dialog = page.getByRole("dialog");
  await dialog.locator(".tally").waitFor();
  return dialog;
}

/** How many actors would be stopped, and calls dispatched again. */
export async function tallyOf(dialog) {
  const tally = await factsOf(dialog.locator(".tally"));
  return {
    stopped: number(tally["Actors stopped"]),
    redispatched: number(tally["Calls dispatched again"]),
  };
}

export const confirm = (dialog) => dialog.locator("button.danger").click();

/** What it says when it was done; closes it. */
export async function done(page, dialog) {
  const said = await factsOf(dialog.locator("dl[role=status]"));
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "detached" });
  return said;
}

/** Closes it without doing anything. */
export async function giveUp(dialog) {
  await dialog.locator("footer button[type=button]").click();
  await dialog.waitFor({ state: "detached" });
}

/** The newest of what the audit has. */
const latest = async (server) =>
  (await server.admin("/admin/audit?limit=1")).actions[0];

/**
 * An action from the button to the audit: nothing is done before it is confirmed, nothing when it
 * is canceled, and then it stands under the number it says, with who did it.
 */
export async function acts(
  page,
  server,
  { action, object, open, still, detail = "" },
) {
  const before = await latest(server);
  const nothingYet = async (when) => {
    assert.deepEqual(await latest(server), before, `${action} ${when}`);
    if (still) assert.ok(await still(), `${action} was done ${when}`);
  };
  await giveUp(await open());
  await nothingYet("was canceled");
  const dialog = await open();
  await nothingYet("was not confirmed");
  const tally = await tallyOf(dialog);
  if (detail) await dialog.locator("input").fill(detail);
  await confirm(dialog);
  const said = await done(page, dialog);
  assert.match(said.Audit, /^(pickup|taxi)\/0:\d+$/);
  const entry = (await server.admin("/admin/audit?limit=5")).actions.find(
    (one) => one.id === said.Audit,
  );
  assert.ok(entry, `${said.Audit} is not in the audit`);
  assert.deepEqual(
    [entry.operator, entry.action, entry.object],
    [OPERATOR, action, object],
  );
  if (detail) assert.ok(entry.detail.includes(detail), entry.detail);
  return { said, tally, entry };
}
