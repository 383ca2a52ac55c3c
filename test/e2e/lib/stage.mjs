// A stage is what a story plays on: a demo and a browser that notes everything it does.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { startDemo } from "./demo.mjs";

export const phone = { width: 320, height: 640 };
export const desktop = { width: 1280, height: 800 };

/** Nothing in the browser talks to anybody by itself. */
export const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

export function findChromium() {
  return execFileSync("sh", ["-c", "command -v chromium || command -v chromium-browser || command -v google-chrome"], { encoding: "utf8" }).trim();
}

export function launch() {
  return chromium.launch({ executablePath: findChromium(), args: flags });
}

/** Sets the stage of a test file and clears it at the end. When the file's stories are over,
 * no page may have asked another site for anything, kept anything, or complained. */
export function setStage(options) {
  const stage = new Stage();
  before(async () => {
    [stage.demo, stage.browser] = await Promise.all([startDemo(options), launch()]);
  });
  after(async () => {
    for (const thing of [stage.browser, ...stage.props, stage.demo]) await (thing?.stop?.() ?? thing?.close());
    assert.equal(stage.faults.length, 0, stage.faults.join("\n"));
  });
  return stage;
}

class Stage {
  faults = [];
  requests = [];
  props = []; // more things that the story has started and the stage stops

  /** Where pages may send requests to. */
  get origins() {
    return [this.demo, ...this.props].flatMap((thing) => thing.origins ?? []);
  }

  /** Opens a page in a fresh browser profile. */
  async visit({ js = true, lang = "en-US", viewport = desktop, colorScheme = "light", ...more } = {}) {
    const context = await this.browser.newContext({
      javaScriptEnabled: js, locale: lang, viewport, colorScheme, reducedMotion: "reduce", serviceWorkers: "block", ...more,
    });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    this.watch(context, page);
    return page;
  }

  /** Notes what a page must not do. */
  watch(context, page) {
    const documents = new Set();
    context.on("request", (request) => {
      this.requests.push(request.url());
      if (request.isNavigationRequest()) documents.add(request.url());
      const url = new URL(request.url());
      if (url.protocol !== "data:" && !this.origins.includes(url.origin)) this.faults.push(`a request to ${url}`);
    });
    page.on("pageerror", (error) => this.faults.push(`a script error: ${error.message}`));
    page.on("console", (message) => {
      // A page that answers 4xx, and the browser's question whether to post a form again, are no faults.
      const expected = documents.has(message.location().url) && /^Failed to load resource: (the server responded with a status of 4|net::ERR_CACHE_MISS)/.test(message.text());
      if (["error", "warning"].includes(message.type()) && !expected) this.faults.push(`the console says: ${message.text()}`);
    });
  }

  /** Ends a visit, and sees that nothing was kept on the device. */
  async leave(page) {
    const { cookies, origins } = await page.context().storageState({ indexedDB: true });
    for (const cookie of cookies) this.faults.push(`a cookie: ${cookie.name}`);
    for (const { origin } of origins) this.faults.push(`something kept for ${origin}`);
    await page.context().close();
  }
}
