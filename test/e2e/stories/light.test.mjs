// What the action page weighs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { phone, setStage } from "../lib/stage.mjs";

const stage = setStage();

test("HTML and CSS travel in 14 KB, the script in 10 KB, and nothing else is loaded", async (t) => {
  for (const lang of ["en", "es"]) {
    const page = await stage.visit({ lang, viewport: phone });
    const loaded = [];
    page.on("requestfinished", (request) => loaded.push(request));
    await page.goto(stage.demo.action, { waitUntil: "networkidle" });
    const weight = {};
    for (const request of loaded) {
      const type = request.resourceType();
      weight[type] = (weight[type] ?? 0) + (await request.sizes()).responseBodySize;
      assert.equal(new URL(request.url()).origin, stage.demo.site);
    }
    assert.ok(weight.document + weight.stylesheet <= 14 * 1024, `${lang}: ${JSON.stringify(weight)}`);
    assert.ok(weight.script <= 10 * 1024, `${lang}: ${JSON.stringify(weight)}`);
    assert.ok((weight.other ?? 0) <= 1024, `the icon: ${JSON.stringify(weight)}`);
    assert.deepEqual(Object.keys(weight).filter((type) => !["document", "stylesheet", "script", "other"].includes(type)), []);
    t.diagnostic(`compressed bytes, ${lang}: ${JSON.stringify(weight)}`);
    const encodings = await Promise.all(loaded.map(async (request) => (await request.response()).headerValue("content-encoding")));
    assert.ok(encodings.every(Boolean), "everything is compressed");
    await stage.leave(page);
  }
});

test("files that never change are kept by the browser", async () => {
  const page = await (await fetch(stage.demo.action)).text();
  for (const [, file] of page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
    const answer = await fetch(stage.demo.site + file);
    assert.match(answer.headers.get("cache-control"), /max-age=31536000, immutable/, file);
  }
});
