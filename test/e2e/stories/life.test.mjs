// A campaign's life: draft, scheduled, open under a new name, closed with its outcome.
import assert from "node:assert/strict";
import { test } from "node:test";
import { campaignFile } from "../lib/demo.mjs";
import { fill, goOn, offered, post, send } from "../lib/form.mjs";
import { onlyMessages } from "../lib/message.mjs";
import { newHaven } from "../lib/people.mjs";
import { setStage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";
import { say, words } from "../lib/words.mjs";

const stage = setStage();
const { en } = words;

/** The demo's campaign under another slug, with lines of its head changed or added. */
async function variant(slug, changes = {}) {
  let text = (await campaignFile()).replace(/^slug: .*$/m, `slug: ${slug}`);
  for (const [name, value] of Object.entries(changes)) {
    const line = new RegExp(`^${name}: .*$`, "m");
    text = line.test(text) ? text.replace(line, `${name}: ${value}`) : text.replace("\n---\n", `\n${name}: ${value}\n---\n`);
  }
  return text;
}

const body = async (path, headers = {}) => (await fetch(`${stage.demo.site}${path}`, { headers })).text();
const status = async (path) => (await fetch(`${stage.demo.site}${path}`, { redirect: "manual" })).status;

test("a draft does not exist for the public", async () => {
  await stage.demo.apply(await variant("draft-one", { status: "draft" }));
  for (const path of ["", "/count", "/share.png"]) assert.equal(await status(`/c/draft-one${path}`), 404, path);
  assert.equal((await body("/")).includes("draft-one"), false);
  const answer = await post(`${stage.demo.site}/c/draft-one/send`, { ...(await offered(stage.demo.action)), ...newHaven });
  assert.equal(answer.status, 404);
});

test("a scheduled campaign tells its day and has no form", async () => {
  await stage.demo.apply(await variant("next-spring", { opens: "2027-03-01" }));
  const page = await stage.visit({ js: false });
  await page.goto(`${stage.demo.site}/c/next-spring`);
  const main = await page.locator("main").innerText();
  assert.ok(main.includes(say(en.campaign.opens, { Date: "March 1, 2027" })), main);
  assert.equal(await page.locator("form").count(), 0);
  await page.goto(`${stage.demo.site}/`);
  assert.ok((await page.locator("main").innerText()).includes(say(en.list.opens_on, { Date: "March 1, 2027" })));
  const answer = await post(`${stage.demo.site}/c/next-spring/send`, { ...(await offered(stage.demo.action)), ...newHaven });
  assert.equal(answer.headers.get("location"), "/c/next-spring");
  await onlyMessages(stage.demo, 0);
  await stage.leave(page);
});

test("a form opened under the old name is sent under the new one", async () => {
  await stage.demo.apply(await variant("old-name"));
  const page = await stage.visit({ js: false });
  await page.goto(`${stage.demo.site}/c/old-name`);
  await fill(page, newHaven);
  await stage.demo.apply(await variant("new-name", { formerly: "[old-name]" }));
  await until("the redirect", async () => (await status("/c/old-name")) === 308);
  await goOn(page, en.form.submit);
  assert.equal(new URL(page.url()).pathname, "/c/new-name/review");
  await goOn(page, /^Send my letter/);
  await stage.demo.arrived(1);
  assert.match(await stage.demo.xml((await onlyMessages(stage.demo, 1))[0]), /\/c\/new-name</);
  await page.goto(`${stage.demo.site}/c/old-name?lang=es`);
  assert.equal(page.url(), `${stage.demo.site}/c/new-name?lang=es`);
  await stage.leave(page);
});

test("a closed campaign thanks its supporters and tells what came of it", async () => {
  await stage.demo.apply(await variant("won"));
  await until("the campaign", async () => (await status("/c/won")) === 200);
  const answer = await post(`${stage.demo.site}/c/won/send`, { ...(await offered(`${stage.demo.site}/c/won`)), ...newHaven });
  assert.equal(answer.status, 303);
  await until("the letter", async () => (await stage.demo.count("won")) === 1);
  const page = await stage.visit({ js: false });
  await page.goto(`${stage.demo.site}/c/won`);
  await fill(page, { ...newHaven, first_name: "Late" });
  await stage.demo.apply(await variant("won", { outcome: '{date: 2026-11-20, summary: "The bill became law.", text: "It was **signed** in November."}' }));
  await until("the closing", async () => (await body("/c/won")).includes(en.closed.outcome));
  await goOn(page, en.form.submit); // the form that was still open
  const main = await page.locator("main").innerText();
  const said = [say(en.closed.thanks.one, { Count: 1 }), "The bill became law.", "signed", say(en.closed.on, { Date: "November 20, 2026" })];
  for (const words of said) assert.ok(main.toLowerCase().includes(words.toLowerCase()), words);
  assert.equal(await page.locator("form").count(), 0);
  await page.goto(`${stage.demo.site}/`);
  assert.ok((await page.locator("#closed").locator("..").innerText()).includes("The bill became law."));
  await stage.leave(page);
});

test("a campaign that ended without an outcome yet says so", async () => {
  await stage.demo.apply(await variant("over", { closes: "2026-11-01" }));
  await until("the page", async () => (await status("/c/over")) === 200);
  assert.ok((await body("/c/over")).includes(en.closed.outcome_open));
});

test("a receipt lives on when its campaign has ended", async () => {
  const receipt = await send(stage.demo, { ...newHaven, first_name: "Kept" });
  await stage.demo.arrived(3);
  await stage.demo.apply(await variant("close-the-loophole", { closes: "2026-11-02" }));
  await until("the closing", async () => (await body("/c/close-the-loophole")).includes(en.closed.outcome));
  const page = await fetch(receipt);
  assert.equal(page.status, 200);
  assert.ok((await page.text()).includes(en.state.accepted_house));
});
