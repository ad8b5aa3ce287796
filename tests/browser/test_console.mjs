// The console in a real browser, on a real pickupd, as an operator uses it. Each part has a server of
// its own, so that what one breaks does not break the next.
import { actionTests } from "./test_actions.mjs";
import { liveTests } from "./test_live.mjs";
import { stillTests } from "./test_still.mjs";
import { troubleTests } from "./test_trouble.mjs";

stillTests();
actionTests();
liveTests();
troubleTests();
