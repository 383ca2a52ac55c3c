// A form with mistakes comes back with everything that was typed, and says what to do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, goOn, offered, post, typed } from "../lib/form.mjs";
import { onlyMessages } from "../lib/message.mjs";
import { newHaven } from "../lib/people.mjs";
import { phone, setStage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";
import { words } from "../lib/words.mjs";

const stage = setStage();
const { en, es } = words;
const required = ["prefix", "first_name", "last_name", "email", "address1", "city", "state", "zip"];

for (const js of [false, true]) {
  for (const [lang, w] of Object.entries(words)) {
    test(`an empty form, scripts ${js ? "on" : "off"}, ${lang}`, async () => {
      const page = await stage.visit({ js, lang, viewport: phone });
      await page.goto(stage.demo.action);
      await fill(page, { subject: "", message: "" });
      const answer = page.waitForResponse((response) => response.url().endsWith("/review"));
      await goOn(page, w.form.submit);
      assert.equal((await answer).status(), 422);
      assert.ok((await page.title()).startsWith(w.layout.error_title.split("{{")[0]));
      const wrong = [...required, "subject", "message"];
      await focused(page, "#errors");
      assert.equal(await page.locator("#errors [role=alert] h2").innerText(), w.error.summary);
      const links = await page.locator("#errors a").evaluateAll((all) => all.map((link) => [link.getAttribute("href"), link.textContent]));
      assert.deepEqual(links, wrong.map((name) => [`#f-${name}`, w.error[`${name}_missing`]]));
      for (const [href, text] of links) await leadsToField(page, href, text);
      await stage.leave(page);
    });
  }
}

/** Browsers move the focus when they next draw the page, not before it is loaded. */
const focused = (page, selector) =>
  until(`${selector} has the focus`, async () => (await page.evaluate(() => `#${document.activeElement.id}`)) === selector);

/** The link leads to its field, and the field says the same words, also to a screen reader. */
async function leadsToField(page, href, text) {
  await page.locator(`#errors a[href="${href}"]`).click();
  await focused(page, href);
  const field = page.locator(href);
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const described = (await field.getAttribute("aria-describedby")).split(" ");
  assert.ok(described.includes(`${href.slice(1)}-error`));
  assert.equal(await page.locator(`${href}-error`).innerText(), text);
}

// A wrong value for each field, and the sentence that it must bring.
const wrongValues = {
  prefix: [["Mx.", "prefix_missing"]],
  first_name: [["   ", "first_name_missing"]],
  email: [["somebody", "email_invalid"], ["a@b", "email_invalid"]],
  phone: [["555", "phone_invalid"], ["call me", "phone_invalid"]],
  address1: [["1", "address1_short"]],
  city: [["A", "city_short"]],
  state: [["XX", "state_missing"]],
  zip: [["1234", "zip_invalid"], ["abcde", "zip_invalid"]],
  subject: [["Hi", "short"]],
  message: [["No", "short"], ["x".repeat(10_001), "message_long"]],
};

test("each mistake has its sentence, in both languages", async () => {
  const good = { ...(await offered(stage.demo.action)), ...newHaven };
  for (const [field, tries] of Object.entries(wrongValues)) {
    for (const [value, sentence] of tries) {
      for (const w of [en, es]) {
        const answer = await post(`${stage.demo.action}/send`, { ...good, [field]: value, lang: w === en ? "en" : "es" });
        const page = await answer.text();
        assert.equal(answer.status, 422, `${field} = ${value.slice(0, 20)}`);
        const said = w.error[sentence].split("{{.Label}}").pop();
        assert.ok(page.includes(said), `${field} = "${value.slice(0, 20)}" says "${said}"`);
      }
    }
  }
  await onlyMessages(stage.demo, 0);
});

test("everything typed is kept, the wrong and the right", async () => {
  const page = await stage.visit({ js: false });
  const person = { ...newHaven, zip: "O6510", email: "james at example", phone: "12", message: "Line one\n\n  <script>alert(1)</script> & \"two\"", join: true };
  await page.goto(stage.demo.action);
  await fill(page, person);
  await goOn(page, en.form.submit);
  const { join, ...fields } = person;
  assert.deepEqual(await typed(page, Object.keys(fields)), fields);
  assert.equal(await page.locator("#f-join").isChecked(), join);
  assert.equal(await page.locator("#errors a").count(), 3);
  await fill(page, { zip: newHaven.zip, email: newHaven.email, phone: "" });
  await goOn(page, en.form.submit);
  assert.equal(await page.locator(".sheet .text").innerText(), person.message);
  await stage.leave(page);
});

test("a choice without choosing", async () => {
  const page = await stage.visit({ js: false });
  await page.goto(stage.demo.action);
  await fill(page, { ...newHaven, city: "Tempe", state: "AZ", zip: "85281" });
  await goOn(page, en.form.submit);
  await goOn(page, en.choice.submit);
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.locator("#errors a").innerText(), en.error.district_missing);
  assert.equal(await page.locator("#f-district-error").innerText(), en.error.district_missing);
  await stage.leave(page);
});

test("posts from other sites and damaged ones are refused with a page", async () => {
  const fields = { ...(await offered(stage.demo.action)), ...newHaven };
  const foreign = await post(`${stage.demo.action}/send`, fields, { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" });
  assert.equal(foreign.status, 403);
  const large = await post(`${stage.demo.action}/send`, { ...fields, message: "x".repeat(300_000) });
  assert.ok([400, 413].includes(large.status), String(large.status));
  assert.match(await large.text(), /<h1>/);
  await onlyMessages(stage.demo, 0);
});
