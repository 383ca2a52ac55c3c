// What scripts add: the member while typing, the live counter, the location, the copied letter.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runAxe } from "../lib/audit.mjs";
import { seatsAt } from "../lib/demo.mjs";
import { fill, goOn, send } from "../lib/form.mjs";
import { another, newHaven, tempe } from "../lib/people.mjs";
import { setStage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";
import { words } from "../lib/words.mjs";

const stage = setStage();
const { en, es } = words;

test("the member appears as soon as the ZIP code is typed", async () => {
  const page = await stage.visit({ lang: "es-US" });
  await page.goto(stage.demo.action);
  const preview = page.locator("[data-preview]");
  assert.equal(await preview.isVisible(), false);
  await page.locator("#f-zip").pressSequentially("06510");
  await preview.waitFor({ state: "visible" });
  assert.match(await preview.innerText(), /Rosa L. DeLauro/);
  assert.ok((await preview.innerText()).includes(es.form.preview));
  assert.deepEqual(await runAxe(page), []);
  await page.locator("#f-zip").fill("85281");
  await preview.waitFor({ state: "hidden" }); // two districts: nothing is guessed
  await stage.leave(page);
});

test("the counter moves while somebody reads", async () => {
  const page = await stage.visit();
  await page.clock.install();
  await page.goto(stage.demo.action);
  const tally = page.locator("[data-count-text]");
  assert.equal(await tally.innerText(), "0 of 3,000 letters");
  await send(stage.demo, newHaven);
  await stage.demo.counted(1);
  await page.clock.fastForward("01:01");
  await until("the new count", async () => (await tally.innerText()) === "1 of 3,000 letters");
  assert.equal(await page.locator("progress").getAttribute("aria-valuetext"), "1 of 3,000 letters");
  await stage.leave(page);
});

test("the letter says how much room is left only when it gets short", async () => {
  const page = await stage.visit();
  await page.goto(stage.demo.action);
  const left = page.locator("[data-left]");
  assert.equal(await left.isVisible(), false);
  await page.locator("#f-message").fill("x".repeat(9_501));
  assert.equal(await left.innerText(), "499 characters left");
  await stage.leave(page);
});

/** Opens the choice page for Tempe as somebody who stands at the point. */
async function choiceAt(point, permissions = ["geolocation"]) {
  const [latitude, longitude, accuracy] = point;
  const page = await stage.visit({ permissions, geolocation: { latitude, longitude, accuracy } });
  await page.goto(stage.demo.action);
  await fill(page, another(tempe, "Lee"));
  await goOn(page, en.form.submit);
  return page;
}

async function locate(page) {
  await Promise.all([page.waitForEvent("domcontentloaded"), page.getByRole("button", { name: en.choice.locate }).click()]);
}

test("the location inside one district settles the choice", async () => {
  const page = await choiceAt([33.4255, -111.94, 30]);
  await locate(page);
  const main = await page.locator("main").innerText();
  assert.ok(main.includes("Rep. Greg Stanton") && main.includes(en.review.found_point), main);
  await goOn(page, /^Send my letter/);
  const all = await stage.demo.arrived(2);
  assert.equal(all.filter((message) => message.office === "HAZ04").length, 1);
  await stage.leave(page);
});

/** A point beside the line between AZ-04 and AZ-01, about ten metres from it. */
async function besideTheLine() {
  const column = Array.from({ length: 300 }, (_, i) => [(33.44 + i * 0.0001).toFixed(4), -111.92]);
  const seats = await seatsAt(column);
  const at = seats.findIndex((seat, i) => seat === "AZ-04" && seats[i + 1] === "AZ-01");
  assert.ok(at >= 0, "a line between the two districts");
  return column[at].map(Number);
}

test("too close to the line, the person chooses", async () => {
  const page = await choiceAt([...(await besideTheLine()), 150]);
  await locate(page);
  assert.match(await page.title(), /^Error: /);
  assert.ok((await page.locator("#errors").innerText()).includes(en.error.position_unsure));
  assert.equal(await page.locator("input[name=district]:checked").count(), 0);
  await page.locator("input[value=AZ-04]").check();
  await goOn(page, en.choice.submit);
  assert.ok((await page.locator("main").innerText()).includes(en.review.found_choice));
  await stage.leave(page);
});

test("a location somewhere else settles nothing", async () => {
  const page = await choiceAt([40.7128, -74.006, 20]);
  await locate(page);
  assert.ok((await page.locator("#errors").innerText()).includes(en.error.position_unsure));
  await stage.leave(page);
});

test("without leave to know the location the page says so", async () => {
  const page = await choiceAt([33.4255, -111.94, 30], []);
  await page.getByRole("button", { name: en.choice.locate }).click();
  await page.getByText(en.choice.denied).waitFor();
  await stage.leave(page);
});

test("the receipt follows its letter by itself and says so aloud", async () => {
  await stage.demo.script({ do: "503", office: "HCT03", times: -1 });
  const receipt = await send(stage.demo, another(newHaven, "Robin"));
  const page = await stage.visit();
  await page.goto(receipt);
  await stage.demo.behave(); // not before the page is there, which can take its time
  await page.getByText(en.state.accepted_house).first().waitFor({ timeout: 60_000 });
  await until("the announcement", async () => (await page.locator("[data-announce]").innerText()) === en.state.accepted_house);
  await stage.leave(page);
});

test("leaving in a hurry puts another site in the place of the page", async () => {
  const page = await stage.visit();
  await page.context().route("https://www.weather.gov/", (route) => route.fulfill({ body: "weather" }));
  await page.goto(`${stage.demo.site}/`);
  await page.goto(stage.demo.action);
  const fine = stage.faults.length;
  await page.getByRole("link", { name: en.layout.quick_exit }).click();
  await page.getByText("weather").waitFor();
  await page.goBack();
  assert.equal(page.url(), `${stage.demo.site}/`, "the page is not in the list of pages to go back to");
  stage.faults.splice(fine); // the one request to another site that a person asked for
  await stage.leave(page);
});
