// One letter from each person, whatever they press.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, goOn, offered, post, toReview, typed } from "../lib/form.mjs";
import { onlyMessages } from "../lib/message.mjs";
import { another, newHaven, tempe } from "../lib/people.mjs";
import { setStage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";
import { words } from "../lib/words.mjs";

const stage = setStage();
const { en } = words;
let sent = 0; // messages the Capitol should hold

const sendButton = (page) => page.locator("button.send");
const h1 = (page) => page.locator("h1").innerText();

/** Goes back to the review, past the browser's question whether to post the form again. */
async function back(page) {
  await page.goBack({ waitUntil: "domcontentloaded" }).catch((error) => assert.match(error.message, /ERR_CACHE_MISS/));
  await until("the review", async () => {
    if (page.url().endsWith("/review") && (await page.locator("main h1").count().catch(() => 0))) return true;
    await page.reload().catch(() => {}); // the browser is still busy showing its question
    return false;
  });
}

for (const js of [false, true]) {
  test(`a double click sends one letter, scripts ${js ? "on" : "off"}`, async () => {
    const page = await stage.visit({ js });
    await toReview(page, stage.demo.action, another(newHaven, js ? "Ada" : "Bea"));
    await sendButton(page).dblclick(); // the second click may cut off the first one's answer
    await until("the receipt", () => page.url().includes("/receipt/"));
    await stage.demo.arrived(++sent);
    await onlyMessages(stage.demo, sent);
    await stage.leave(page);
  });
}

test("the same form twice at the same moment is one letter with one receipt", async () => {
  const fields = { ...(await offered(stage.demo.action)), ...another(newHaven, "Carl") };
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(`${stage.demo.action}/send`, fields)));
  assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([303]));
  assert.equal(new Set(answers.map((answer) => answer.headers.get("location"))).size, 1);
  await stage.demo.arrived(++sent);
  await onlyMessages(stage.demo, sent);
});

test("reloading the review and the receipt sends nothing", async () => {
  const page = await stage.visit();
  await toReview(page, stage.demo.action, another(tempe, "Dora"), "AZ-01");
  await page.reload();
  assert.ok((await h1(page)).includes(en.review.title));
  await onlyMessages(stage.demo, sent);
  await goOn(page, /^Send my letter/);
  await stage.demo.arrived(++sent);
  await page.reload();
  await page.reload();
  await onlyMessages(stage.demo, sent);
  await stage.leave(page);
});

test("going back from the receipt and sending again leads to the same receipt", async () => {
  const page = await stage.visit();
  await toReview(page, stage.demo.action, another(newHaven, "Eve"));
  await goOn(page, /^Send my letter/);
  const receipt = page.url();
  await stage.demo.arrived(++sent);
  await back(page);
  assert.ok((await h1(page)).includes(en.review.title));
  await goOn(page, /^Send my letter/);
  assert.equal(page.url(), receipt);
  await onlyMessages(stage.demo, sent);
  await stage.leave(page);
});

test("two people share a device and a mailbox", async () => {
  const page = await stage.visit();
  const first = { ...another(newHaven, "Frank"), email: "home@example.com" };
  await toReview(page, stage.demo.action, first);
  await goOn(page, /^Send my letter/);
  const receipt = page.url();
  await stage.demo.arrived(++sent);
  await back(page);
  await goOn(page, en.review.change);
  assert.equal((await typed(page, ["first_name"])).first_name, "Frank");
  await fill(page, { first_name: "Gina", prefix: "Mrs." });
  await goOn(page, en.form.submit);
  await goOn(page, /^Send my letter/);
  assert.ok((await page.locator(".notice").innerText()).includes(en.review.notice_other_person), "it asks whether this is somebody else");
  await onlyMessages(stage.demo, sent);
  await goOn(page, /^Send my letter/);
  assert.notEqual(page.url(), receipt);
  await stage.demo.arrived(++sent);
  const all = await onlyMessages(stage.demo, sent);
  assert.equal(new Set(all.map((message) => message.delivery_id)).size, sent);
  await stage.demo.counted(sent);
  await stage.leave(page);
});

test("the same person with another form finds the receipt in the mailbox, and no second mail that day", async () => {
  const page = await stage.visit();
  const person = another(tempe, "Hana");
  await toReview(page, stage.demo.action, person, "AZ-04");
  await goOn(page, /^Send my letter/);
  await stage.demo.arrived(++sent);
  // Written differently, but the same mailbox and the same name; even the other district does not help.
  await toReview(page, stage.demo.action, { ...person, first_name: "HANA", email: person.email.toUpperCase() }, "AZ-01");
  await goOn(page, /^Send my letter/);
  assert.ok((await h1(page)).includes(en.confirm.quiet_title));
  assert.ok((await page.locator("main").innerText()).includes(en.confirm.quiet_again));
  assert.equal((await page.content()).includes("/receipt/"), false, "the first letter's receipt is not given away");
  const mails = async () => (await stage.demo.mails()).filter((one) => one.to.includes(person.email));
  const [mail] = await until("the mail to the owner of the mailbox", async () => (await mails()).length > 0 && mails());
  await page.goto(mail.text.match(/http\S+\/receipt\/\S+/)[0]);
  await page.getByText(en.state.accepted_house, { exact: true }).waitFor();
  await onlyMessages(stage.demo, sent);
  await stage.demo.counted(sent);
  assert.equal((await mails()).length, 1);
  await stage.leave(page);
});
