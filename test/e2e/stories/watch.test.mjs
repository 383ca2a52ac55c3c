// What watches all other stories sees what it is there to see.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setStage } from "../lib/stage.mjs";

const stage = setStage();

const bad = `<!doctype html><html lang="en"><head><title>Bad</title></head><body>
  <img src="https://tracker.example/pixel.png" alt=""><script src="/bad.js"></script></body></html>`;

test("a request to another site, a cookie, kept data, an error and a broken policy are noticed", async () => {
  const page = await stage.visit();
  await page.route("https://tracker.example/**", (route) => route.abort());
  await page.route(`${stage.demo.site}/bad.js`, (route) => route.fulfill({
    contentType: "text/javascript", body: 'localStorage.setItem("name", "Maria"); document.body.append(Object.assign(document.createElement("script"), {text: "1"})); nothing();',
  }));
  await page.route(stage.demo.action, (route) => route.fulfill({
    headers: { "set-cookie": "id=1", "content-type": "text/html", "content-security-policy": "script-src 'self'" }, body: bad,
  }));
  await page.goto(stage.demo.action, { waitUntil: "load" });
  await stage.leave(page);
  const seen = stage.faults.splice(0).join("\n");
  const expected = ["a request to https://tracker.example/pixel.png", "a cookie: id", "something kept for", "a script error: nothing is not defined",
    "violates the following Content Security Policy directive"];
  for (const fault of expected) assert.ok(seen.includes(fault), `${fault} is not among\n${seen}`);
});
