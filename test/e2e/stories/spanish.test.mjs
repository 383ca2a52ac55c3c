// Somebody whose language is Spanish, and somebody who changes over on the way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, goOn, typed } from "../lib/form.mjs";
import { element, onlyMessages, texts } from "../lib/message.mjs";
import { another, newHaven, tempe } from "../lib/people.mjs";
import { phone, setStage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";
import { say, words } from "../lib/words.mjs";

const stage = setStage();
const { en, es } = words;

const h1 = (page) => page.locator("h1").innerText();
const language = (page) => page.locator("html").getAttribute("lang");

for (const js of [false, true]) {
  test(`the whole way in Spanish, scripts ${js ? "on" : "off"}`, async () => {
    const before = (await stage.demo.messages()).length;
    const page = await stage.visit({ js, lang: "es-MX", viewport: phone });
    await page.goto(stage.demo.action);
    assert.equal(await language(page), "es");
    assert.match(await h1(page), /ninguna placa da permiso/);
    await fill(page, js ? tempe : another(tempe, "Lucía"));
    await goOn(page, es.form.submit);
    assert.ok((await h1(page)).includes(es.choice.title));
    await page.locator("input[value=AZ-04]").check();
    await goOn(page, es.choice.submit);
    assert.ok((await h1(page)).includes(es.review.title));
    const main = await page.locator("main").innerText();
    for (const sentence of [es.review.found_choice, say(es.review.unedited, { Org: "Lantern Alliance" }), "Partido Demócrata"]) {
      assert.ok(main.includes(sentence), sentence);
    }
    await goOn(page, say(es.review.send, { Member: "Rep. Greg Stanton" }));
    assert.equal(await language(page), "es");
    await stage.demo.arrived(before + 1);
    // The answer is recorded a moment after the message has arrived.
    await until("the letter to be accepted", async () => {
      await page.reload();
      return page.getByText(es.state.accepted_house).first().isVisible();
    });
    await onlyMessages(stage.demo, before + 1);
    await stage.leave(page);
  });
}

test("changing the language keeps what was typed, on every page of the way", async () => {
  const page = await stage.visit({ js: true });
  const person = { ...another(tempe, "Ana", "Ruiz"), subject: "A subject of my own", message: "In my own words:\n\n  an indented line & <b>signs</b>.", join: true };
  await page.goto(stage.demo.action);
  await fill(page, person);
  const { join, ...fields } = person;
  await goOn(page, "Español");
  assert.equal(await language(page), "es");
  assert.deepEqual(await typed(page, Object.keys(fields)), fields);
  assert.equal(await page.locator("#f-join").isChecked(), join);
  await goOn(page, "English");
  assert.deepEqual(await typed(page, Object.keys(fields)), fields);
  await goOn(page, "Español");
  await goOn(page, es.form.submit);
  await goOn(page, "English");
  assert.ok((await h1(page)).includes(en.choice.title), "the choice in English");
  await page.locator("input[value=AZ-01]").check();
  await goOn(page, en.choice.submit);
  await goOn(page, "Español");
  assert.ok((await h1(page)).includes(es.review.title), "the review in Spanish, the choice of district kept");
  const main = await page.locator("main").innerText();
  assert.ok(main.includes("David Schweikert") && main.includes(es.review.edited));
  await goOn(page, /Schweikert/);
  const all = await stage.demo.arrived(3);
  const xml = await stage.demo.xml(all.find((message) => message.office === "HAZ01"));
  assert.deepEqual(texts(xml), ["OrganizationStatement", "ConstituentMessage"]);
  assert.equal(element(xml, "Subject"), person.subject);
  await stage.leave(page);
});

test("Enter in a field goes on in the page's language; it does not change the language", async () => {
  const page = await stage.visit({ js: false });
  await page.goto(stage.demo.action);
  await fill(page, newHaven);
  await Promise.all([page.waitForEvent("domcontentloaded"), page.locator("#f-city").press("Enter")]);
  assert.equal(await language(page), "en");
  assert.ok((await h1(page)).includes(en.review.title));
  await stage.leave(page);
});
