// The console in a real browser, on a real pickupd, as an operator uses it. Each part has a server of
// its own, so that what one breaks does not break the next.
import { after, describe } from "node:test";
import { Browser } from "./console.mjs";
import { actionTests } from "./test_actions.mjs";
import { koreanTests } from "./test_korean.mjs";
import { liveTests } from "./test_live.mjs";
import { stillTests } from "./test_still.mjs";
import { troubleTests } from "./test_trouble.mjs";

after(() => Browser.end());

// While one waits for something to happen, another goes on.
describe("the console", { concurrency: 2 }, () => {
  stillTests();
  actionTests();
  troubleTests();
  koreanTests();
});
// Alone: it looks at how soon things are seen.
liveTests();
