// Addresses from which no letter can go out: each has its own page, and nothing is counted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, goOn, typed } from "../lib/form.mjs";
import { onlyMessages } from "../lib/message.mjs";
import { another, newHaven, places } from "../lib/people.mjs";
import { phone, setStage } from "../lib/stage.mjs";
import { say, words } from "../lib/words.mjs";

const stage = setStage();
const { en } = words;

const resident = ({ city, state, zip }) => ({
  ...another(newHaven, "Inez", "Cruz"), city, state, zip, phone: "202-555-0133", subject: "My subject", message: "My own words stay.", join: true,
});

async function stopped(js, place) {
  const page = await stage.visit({ js, viewport: phone });
  const person = resident(place);
  await page.goto(stage.demo.action);
  await fill(page, person);
  await goOn(page, en.form.submit);
  return { page, person };
}

for (const [name, place] of Object.entries(places)) {
  test(`${name}: ${place.city}, ${place.state} ${place.zip}`, async () => {
    const { page, person } = await stopped(false, place);
    assert.equal(await page.locator("h1").innerText(), place.says);
    assert.equal(await page.title(), `${place.says} – Lantern Alliance`);
    const main = await page.locator("main").innerText();
    for (const words of [place.who ?? "", en.cannot.kept, en.cannot.still]) assert.ok(main.includes(words), `says "${words}"`);
    assert.equal(await page.getByRole("button", { name: /^Send/ }).count(), 0, "no button that sends");
    await goOn(page, en.cannot.change);
    const { join, ...fields } = person;
    assert.deepEqual(await typed(page, Object.keys(fields)), fields, "the filled form comes back");
    assert.equal(await page.locator("#f-join").isChecked(), join);
    await stage.leave(page);
  });
}

test("a vacant seat names the two senators with their telephones", async () => {
  const { page } = await stopped(false, places.texas);
  const main = await page.locator("main").innerText();
  for (const words of ["John Cornyn", "Ted Cruz", "202-224-"]) assert.ok(main.includes(words), words);
  assert.equal(await page.locator("main a[href^='tel:']").count(), 2);
  await stage.leave(page);
});

test("a territory's page gives its delegate's office", async () => {
  const { page } = await stopped(false, places.gu);
  assert.match(await page.locator("main a[href^='tel:+1202225']").innerText(), /202-225-\d{4}/);
  await stage.leave(page);
});

test("from a military address to the voting residence", async () => {
  const { page } = await stopped(true, places.military);
  await goOn(page, en.cannot.change);
  await fill(page, { city: newHaven.city, state: newHaven.state, zip: newHaven.zip });
  await goOn(page, en.form.submit);
  const main = await page.locator("main").innerText();
  assert.ok(main.includes(en.review.title) && main.includes("Rosa L. DeLauro"));
  assert.ok(main.includes("My own words stay."));
  await stage.leave(page);
});

test("a ZIP code that lies partly in a vacant district", async () => {
  const { page } = await stopped(false, { city: "Fort Lauderdale", state: "FL", zip: "33311" });
  const main = await page.locator("main").innerText();
  assert.ok(main.includes(en.choice.title) && main.includes(en.seat.vacant));
  await page.locator("input[value=FL-20]").check();
  await goOn(page, en.choice.submit);
  assert.equal(await page.locator("h1").innerText(), en.cannot.vacant_title);
  await stage.leave(page);
});

test("a ZIP code of another state is an error beside its field", async () => {
  const { page, person } = await stopped(false, { city: "New York", state: "CA", zip: "10001" });
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.locator("#f-zip-error").innerText(), en.error.zip_elsewhere);
  assert.deepEqual(await typed(page, ["zip", "state", "message"]), { zip: "10001", state: "CA", message: person.message });
  await stage.leave(page);
});

test("the same page in Spanish, by the language button", async () => {
  const { page } = await stopped(false, places.unknown);
  await goOn(page, "Español");
  assert.equal(await page.locator("h1").innerText(), words.es.cannot.unknown_title);
  assert.ok((await page.locator("main").innerText()).includes(say(words.es.cannot.unknown_who, { Zip: "99999" })));
  await goOn(page, words.es.cannot.change);
  assert.equal((await typed(page, ["message"])).message, "My own words stay.");
  await stage.leave(page);
});

test("nothing of all this was sent, counted or mailed", async () => {
  await onlyMessages(stage.demo, 0);
  assert.equal(await stage.demo.count(), 0);
  assert.deepEqual(await stage.demo.mails(), []);
});
