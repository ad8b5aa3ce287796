// Reads what a page shows: tables by their heads, lists of facts by their names. Times are given as
// their text, and as the moment they stand for under the same name with an @.

/** The rows of a table that has this name, each by the heads of its columns. */
export const rowsOf = (within, label) =>
  within
    .locator(`[role=region][aria-label="${label}"] table`)
    .first()
    .evaluate((table) => {
      const heads = [...table.tHead.rows[0].cells].map((one) =>
        one.textContent.trim(),
      );
      return [...table.tBodies[0].rows].map((row) => {
        const shown = {};
        [...row.cells].forEach((cell, i) => {
          shown[heads[i]] = cell.textContent.trim();
          const time = cell.querySelector("time");
          if (time) shown[`${heads[i]}@`] = time.dateTime;
        });
        return shown;
      });
    });

/** What a list of facts says, by name. */
export const factsOf = (list) =>
  list.first().evaluate((node) => {
    const shown = {};
    for (const { children } of node.children) {
      const [name, value] = [children[0].textContent, children[1]];
      shown[name] = value.textContent.trim();
      const time = value.querySelector("time");
      if (time) shown[`${name}@`] = time.dateTime;
    }
    return shown;
  });

/** A card, by its title. */
export const card = (page, title) =>
  page.locator(`section[aria-label="${title}"]`);

/** Only those members of an object, in this order. */
export const only = (of, names) =>
  Object.fromEntries(names.map((name) => [name, of[name]]));
