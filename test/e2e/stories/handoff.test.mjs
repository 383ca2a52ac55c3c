// Without a key for the House's mail system the person delivers the letter, and nothing pretends otherwise.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, goOn, toReview } from "../lib/form.mjs";
import { onlyMessages } from "../lib/message.mjs";
import { another, newHaven } from "../lib/people.mjs";
import { phone, setStage } from "../lib/stage.mjs";
import { words } from "../lib/words.mjs";

const stage = setStage({ handoff: true });
const { en, es } = words;

test("the review says that the letter is the person's to deliver", async () => {
  const page = await stage.visit({ js: false });
  await toReview(page, stage.demo.action, newHaven);
  const main = await page.locator("main").innerText();
  assert.ok(main.includes(en.review.next_handoff), main);
  assert.equal(await page.locator("button.send").innerText(), "Get my letter to Rep. Rosa L. DeLauro ready");
  await stage.leave(page);
});

test("the letter, copied, printed and sent by hand, counts when the person says so", async () => {
  const page = await stage.visit({ viewport: phone, permissions: ["clipboard-read", "clipboard-write"] });
  await page.addInitScript(() => { window.print = () => { window.printed = true; }; });
  await toReview(page, stage.demo.action, { ...newHaven, message: "Please vote for H.R. 2172." });
  await page.locator("button.send").click();
  await page.waitForURL(/receipt/);
  assert.ok((await page.locator("h1").innerText()).includes(en.receipt.title_yours));
  assert.equal((await page.locator("main").innerText()).includes(en.receipt.sent.split("{{")[0]), false, "it is not sent yet");
  assert.match(await page.getByLabel(en.form.subject, { exact: true }).inputValue(), /^Please support H.R. 2172/);
  const letter = await page.locator("textarea.own").inputValue();
  for (const words of ["Please vote for H.R. 2172.", "Dr. James Weld", "165 Church St", "New Haven, CT 06510", "james@example.com"]) {
    assert.ok(letter.includes(words), `the letter has "${words}"`);
  }
  await page.getByRole("button", { name: en.receipt.copy }).click();
  await page.getByRole("button", { name: en.receipt.copied }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), letter);
  await page.getByText(en.receipt.instead).click();
  await page.getByRole("button", { name: en.receipt.print }).click();
  assert.equal(await page.evaluate(() => window.printed), true);
  assert.match(await page.locator("a[href^='tel:']").first().getAttribute("href"), /^tel:\+1202225\d{4}$/);
  assert.match(await page.getByRole("link", { name: en.receipt.open_form }).getAttribute("href"), /^https:\/\/delauro\.house\.gov/);
  assert.equal(await stage.demo.count(), 0, "nothing counts before the person has sent it");
  await goOn(page, en.receipt.sent_it);
  await page.getByText(en.state.handed_over, { exact: true }).waitFor();
  await stage.demo.counted(1);
  await onlyMessages(stage.demo, 0);
  await stage.leave(page);
});

test("in Spanish and without scripts, and saying it twice counts once", async () => {
  const page = await stage.visit({ js: false, lang: "es" });
  await page.goto(stage.demo.action);
  await fill(page, another(newHaven, "Julia"));
  await goOn(page, es.form.submit);
  await page.locator("button.send").click();
  await page.waitForURL(/receipt/);
  assert.equal(await page.getByRole("button", { name: es.receipt.copy }).count(), 0, "no button that needs a script");
  const receipt = page.url();
  await page.getByRole("button", { name: es.receipt.sent_it }).click();
  await page.getByText(es.state.handed_over, { exact: true }).waitFor();
  const letter = await (await fetch(receipt)).text();
  assert.equal(letter.includes("name=\"letter\""), false, "the button is gone");
  await stage.demo.counted(2);
  await stage.leave(page);
});
