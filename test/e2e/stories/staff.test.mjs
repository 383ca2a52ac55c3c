// A member of the staff signs in by mail, looks at a letter, and lets those go that were put aside.
import assert from "node:assert/strict";
import { test } from "node:test";
import { post, send } from "../lib/form.mjs";
import { another, newHaven } from "../lib/people.mjs";
import { phone, setStage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";
import { say, words } from "../lib/words.mjs";

const stage = setStage();
const { staff } = words.en;
const mo = "mo@lantern.example";

/** The link that was mailed to the member last; the first one was the invitation. */
async function mailed(count) {
  const mails = await until(`${count} mails`, async () => {
    const all = (await stage.demo.mails()).filter((one) => one.to.includes(mo));
    return all.length >= count && all;
  });
  const links = mails.map((one) => one.text.match(/http\S+\/staff\/enter\/\S+/)[0]);
  return links;
}

const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();

test("sign in by mail, open a letter, release two of three: without scripts, on a phone", async () => {
  await stage.demo.franklin("staff", "invite", mo, "--role", "moderator", "--name", "Mo");
  const odd = (name) => send(stage.demo, another(newHaven, name), { reference_code: "http://spam.example" });
  for (const name of ["Uma", "Ugo", "Ute"]) await odd(name);

  const page = await stage.visit({ js: false, viewport: phone });
  await page.goto(`${stage.demo.site}/staff/`);
  const [invitation] = await mailed(1);
  await page.getByLabel(staff.sign_in_email).fill("MO@lantern.example");
  await press(page, staff.sign_in_button);
  assert.equal(await page.locator("h1").innerText(), staff.sent_title);
  const link = (await mailed(2)).find((one) => one !== invitation);

  const other = await stage.visit({ js: false });
  await other.goto(link);
  assert.equal(await other.locator("h1").innerText(), staff.enter_other_title);
  assert.equal((await post(link, {})).status, 403);
  await stage.leave(other);

  await page.goto(link);
  assert.equal(await page.locator("h1").innerText(), say(staff.enter_title, { Name: "Mo" }));
  await press(page, staff.enter_button);
  assert.equal(await page.locator("h1").innerText(), staff.desk_title);
  assert.equal((await post(invitation, {})).status, 404, "the invitation works no more");

  await page.getByRole("link", { name: staff.desk_aside_open }).click();
  await page.getByRole("link", { name: new RegExp(`^${staff.aside_open}`) }).first().click();
  await page.getByText("Ute Weld").waitFor();
  await page.getByText(staff.letter_intact).waitFor();
  const id = page.url().split("/").pop();
  await page.goBack();
  for (const n of [0, 1]) await page.getByRole("checkbox").nth(n).check();
  await press(page, staff.aside_release);
  assert.equal(await page.locator("h1").innerText(), say(staff.preview_release.other, { Count: 2 }));
  assert.equal((await stage.demo.messages()).length, 0, "a preview sends nothing");
  await press(page, say(staff.preview_do_release.other, { Count: 2 }));
  await page.getByText(say(staff.moved_release.other, { Count: 2 })).waitFor();
  await stage.demo.arrived(2);
  assert.equal(await page.getByRole("checkbox").count(), 1);

  const log = JSON.parse(await stage.demo.franklin("audit", "--subject", id, "--json")).map(({ who, action }) => `${who}: ${action}`);
  assert.deepEqual(log, ["Mo (staff): letter.release", "Mo (staff): letter.view"]);
  await press(page, staff.sign_out);
  await page.getByText(staff.sign_in_text).waitFor();
  await stage.leave(page); // and no cookie is left
});

test("the pages of single jobs work under their own policy, and end with the membership", async () => {
  const said = await stage.demo.franklin("staff", "invite", "olivia@lantern.example", "--role", "owner");
  const page = await stage.visit();
  await page.goto(said.match(/http\S+\/staff\/enter\/\S+/)[0]);
  await press(page, staff.enter_button);
  await page.getByRole("link", { name: staff.nav_queue }).click();
  await page.getByRole("link", { name: staff.queue_jobs_open }).click();
  await page.waitForURL(/\/staff\/jobs\/jobs/);
  await page.goto(`${stage.demo.site}/staff/jobs/jobs?state=completed`);
  await page.getByText("mail_receipts").first().waitFor();
  assert.ok(!(await page.content()).includes("@example.com"), "jobs name nobody");
  await stage.demo.franklin("staff", "disable", "olivia@lantern.example");
  await page.goto(`${stage.demo.site}/staff/queue`);
  assert.equal(await page.locator("h1").innerText(), staff.sign_in_title);
  await page.context().close(); // the cookie of the ended session, and what the library keeps, go with it
});
