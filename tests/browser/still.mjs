// A company that stands still, and a console that looks at it.
import { Browser, enter, quietlyIn, visit } from "./console.mjs";
import { Journal } from "./journal.mjs";
import { Scene } from "./scene.mjs";

export class Still {
  scene;
  server;
  browser;
  /** As it was when everything had happened. */
  journal;

  quietly = quietlyIn(() => this.browser);

  async open() {
    this.scene = new Scene();
    await this.scene.build();
    this.server = this.scene.server;
    this.browser = await Browser.open();
    this.journal = await Journal.of(this.server);
  }

  async close() {
    await this.browser?.close();
    await this.scene?.end();
  }

  /** The console, on a page. */
  at = async (hash) => {
    const page = await this.browser.seat((one) => enter(one, this.server));
    await visit(page, hash);
    return page;
  };

  callOf = (service, n) => this.server.ask("GET", `/${service}calls/${n}`);

  couriersOf = async (service) =>
    (await this.server.all("/couriers")).filter(
      (one) => !service || one.service === service,
    );
}
