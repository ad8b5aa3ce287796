// Every figure of every page, on a company that stands still, against the metric or the journal it
// stands for: never against what the page itself reads, where there is something else.
import { after, before, describe } from "node:test";
import { Still } from "./still.mjs";
import { actorTests } from "./still_actors.mjs";
import { callTests } from "./still_calls.mjs";
import { courierTests } from "./still_couriers.mjs";
import { dialogTests } from "./still_dialogs.mjs";
import { mapTests } from "./still_map.mjs";
import { newsTests } from "./still_news.mjs";
import { overviewTests } from "./still_overview.mjs";

export const stillTests = () =>
  describe("a company that stands still", { concurrency: 1 }, () => {
    const still = new Still();
    before(() => still.open());
    after(() => still.close());

    overviewTests(still);
    mapTests(still);
    callTests(still);
    courierTests(still);
    actorTests(still);
    newsTests(still);
    dialogTests(still);
  });
