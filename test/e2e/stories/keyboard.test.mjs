// Somebody without a mouse, on a small phone, in a browser that runs no scripts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { press, tabTo, typeForm } from "../lib/keyboard.mjs";
import { element, onlyMessages, texts } from "../lib/message.mjs";
import { phone, setStage } from "../lib/stage.mjs";
import { tempe } from "../lib/people.mjs";
import { until } from "../lib/until.mjs";

const stage = setStage();

/** From the action page to the receipt of an accepted letter, with keys alone. */
async function write(page, person) {
  await page.goto(stage.demo.action);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the main part");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await tabTo(page, ".panel a.button");
  await page.keyboard.press("Enter");
  const stops = await typeForm(page, person);
  assert.equal(stops.includes("reference_code"), false, "the field that people do not see takes no focus");
  await tabTo(page, "#letter-form .submit button");
  await press(page, "Enter");
  await choose(page);
  await review(page, person);
  const sent = Date.now();
  await follow(page);
  return sent;
}

async function choose(page) {
  assert.match(await page.title(), /^Step 2 of 3: Which district is yours\?/);
  const main = await page.locator("main").innerText();
  for (const words of ["ZIP code 85281 lies in 2 districts", "David Schweikert", "Greg Stanton", "Democratic Party"]) {
    assert.ok(main.includes(words), `the choice says "${words}"`);
  }
  await tabTo(page, "input[name=district]");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator("input[name=district]:checked").inputValue(), "AZ-04");
  await tabTo(page, "#choice-form .submit button.button");
  await press(page, "Space");
}

async function review(page, person) {
  const main = await page.locator("main").innerText();
  const shown = ["Check your letter", "Rep. Greg Stanton", "Arizona’s 4th District", "You chose this district.",
    "Ms. Maria O’Neil-Nuñez", "31 E 5th St", "Apt 5", "Tempe, AZ 85281", person.email, "480-555-0134", "H.R. 2172",
    person.message ? "You changed the text." : "You kept the text as it was."];
  for (const words of shown) assert.ok(main.includes(words), `the review says "${words}"`);
  await tabTo(page, "#review-form .submit button.send");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Send my letter to Rep. Greg Stanton");
  await press(page, "Enter");
}

/** Looks again, as a page without scripts does by itself, until the letter is accepted. */
async function follow(page) {
  assert.match(page.url(), /\/receipt\//);
  await until("the letter to be accepted", async () => {
    await page.reload();
    return (await page.locator("[data-headline]").innerText()) === "Accepted by the House mail system";
  });
  assert.equal(await page.title(), "Step 3 of 3: Thank you. Your letter is with Congress", "a title that gives nothing away");
  assert.match(await page.locator("h1").innerText(), /Step 3 of 3\s+Thank you. Your letter is with Congress/i);
}

test("a letter as it is, from a phone, with keys alone and no scripts", async () => {
  const page = await stage.visit({ js: false, viewport: phone });
  const sent = await write(page, tempe);
  const [message] = await stage.demo.arrived(1);
  assert.ok(Date.now() - sent < 5000, "in the Capitol within five seconds");
  assert.equal(message.office, "HAZ04");
  await onlyMessages(stage.demo, 1);
  const xml = await stage.demo.xml(message);
  assert.deepEqual(texts(xml), ["OrganizationStatement"]);
  assert.equal(element(xml, "LastName"), "O’Neil-Nuñez");
  await stage.demo.counted(1);
  await page.getByRole("link", { name: "Back to the campaign" }).click();
  assert.match(await page.locator("#count").innerText(), /^1 of 3,000 letters/);
  await stage.leave(page);
});

test("the receipt comes by mail", async () => {
  const mails = await until("the mail", async () => {
    const all = await stage.demo.mails();
    return all.length > 0 && all;
  });
  assert.equal(mails.length, 1);
  const mail = JSON.stringify(mails[0]);
  assert.ok(mail.includes("maria@example.com"), mail);
});

test("a letter in their own words, and joining the list", async () => {
  const page = await stage.visit({ js: false, viewport: phone });
  const person = { ...tempe, email: "second@example.com" };
  await write(page, { ...person, message: "\nMy sister was detained last year.", join: true });
  const [, message] = await onlyMessages(stage.demo, 2);
  const own = await stage.demo.xml(message);
  assert.deepEqual(texts(own), ["OrganizationStatement", "ConstituentMessage"]);
  assert.ok(element(own, "ConstituentMessage").endsWith("My sister was detained last year."));
  await stage.demo.counted(2);
  assert.match(await page.locator("main").innerText(), /You also joined the list of Lantern Alliance/);
  await stage.leave(page);
});
