// People take their letter back, or say that it is not theirs. Asking changes nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, goOn, send } from "../lib/form.mjs";
import { onlyMessages } from "../lib/message.mjs";
import { another, newHaven } from "../lib/people.mjs";
import { phone, setStage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";
import { words } from "../lib/words.mjs";

const stage = setStage();
const { en, es } = words;
const jill = another(newHaven, "Jill");

/** A letter that cannot leave now. */
async function waiting(person) {
  await stage.demo.script({ do: "503", retry_after: 3600, office: "HCT03", times: -1 });
  const receipt = await send(stage.demo, person);
  await until("the letter to wait", async () => (await (await fetch(receipt)).text()).includes(en.state.waiting));
  return receipt;
}

/** The link that was mailed to a person. */
async function mailed(person) {
  const mail = await until("the mail", async () => (await stage.demo.mails()).find((one) => one.to.includes(person.email)));
  return mail.text.match(/http\S+\/receipt\/\S+/)[0];
}

test("I changed my mind: by keyboard, in Spanish, without scripts", async () => {
  const receipt = await waiting(newHaven);
  const page = await stage.visit({ js: false, lang: "es", viewport: phone });
  await page.goto(receipt);
  await page.getByRole("link", { name: es.undo.take_back }).click();
  assert.ok((await page.locator("h1").innerText()).includes(es.undo.take_back_title));
  await page.getByRole("link", { name: es.undo.keep }).click();
  await page.getByText(es.state.waiting, { exact: true }).waitFor(); // looking did nothing
  await page.goBack();
  await page.getByRole("button", { name: es.undo.take_back_confirm }).focus();
  await page.keyboard.press("Enter");
  await page.getByText(es.state.withdrawn, { exact: true }).waitFor();
  assert.equal(await page.getByRole("link", { name: es.undo.take_back }).count(), 0);
  await stage.demo.behave();
  await onlyMessages(stage.demo, 0);
  await stage.leave(page);
});

test("this was not me: the mailed link stops the letter and blocks the address", async () => {
  const shown = await waiting(jill);
  const page = await stage.visit({ js: false });
  await page.goto(`${shown.split("?")[0]}/not-me`);
  assert.ok((await page.locator("main").innerText()).includes(en.undo.not_me_link), "only the mailbox shows whose the address is");
  await page.goto(await mailed(jill));
  await page.getByRole("link", { name: en.undo.not_me }).click();
  await page.getByRole("button", { name: en.undo.not_me_confirm }).click();
  await page.getByText(en.state.stopped, { exact: true }).waitFor();
  assert.ok((await page.locator("main").innerText()).includes(en.undo.blocked));

  await page.goto(stage.demo.action);
  await fill(page, { ...jill, first_name: "Eve", email: jill.email.toUpperCase() });
  await goOn(page, en.form.submit);
  await goOn(page, /^Send my letter/);
  // The same answer as for those who have written: nobody learns from a form what a mailbox wants.
  assert.ok((await page.locator("h1").innerText()).includes(en.confirm.quiet_title));
  await stage.demo.behave();
  await onlyMessages(stage.demo, 0);
  const mails = (await stage.demo.mails()).filter((one) => one.to.includes(jill.email));
  assert.equal(mails.length, 1, "no mail goes to the address any more");
  const operator = await (await fetch(`${stage.demo.ops}/`)).text();
  assert.match(operator, /class="number warn">1</);
  await stage.leave(page);
});
