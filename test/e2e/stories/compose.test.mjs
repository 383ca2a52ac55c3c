// A campaigner writes a mailing on the staff pages, looks at it, tries it, and sends it to the list.
import assert from "node:assert/strict";
import { test } from "node:test";
import { post, send } from "../lib/form.mjs";
import { another, newHaven } from "../lib/people.mjs";
import { phone, setStage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";
import { say, words } from "../lib/words.mjs";

const stage = setStage();
const { staff, mailings } = words.en;
const campaigner = "cam@lantern.example";

const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();
const mailsTo = async (address) => (await stage.demo.mails()).filter((one) => one.to.includes(address));

/** Puts a person on the list, as they do it themselves. */
async function joins(person) {
  await send(stage.demo, person, { join: "yes" });
  const mail = await until("the mail that asks", async () => (await mailsTo(person.email)).find((one) => one.text.includes("/join/")));
  await post(mail.text.match(/http\S+\/join\/[^\s?]+/)[0], {});
}

test("write, look at, try and send a mailing: without scripts, on a phone", async () => {
  const ida = another(newHaven, "Ida");
  await joins(ida);
  const said = await stage.demo.franklin("staff", "invite", campaigner, "--role", "campaigner", "--name", "Cam");
  const page = await stage.visit({ js: false, viewport: phone });
  await page.goto(said.match(/http\S+\/staff\/enter\/\S+/)[0]);
  await press(page, staff.enter_button);
  await page.getByText(mailings.desk_none).waitFor();
  await page.getByRole("link", { name: mailings.desk_open }).click();
  await page.getByText(mailings.none_text).waitFor();
  await page.getByRole("link", { name: mailings.new }).click();

  await page.getByLabel(mailings.name, { exact: true }).fill("December news");
  await page.getByLabel(mailings.subject, { exact: true }).first().fill("News for {{first_name|you}}");
  await page.getByLabel(mailings.text, { exact: true }).first().fill("Hello **{{nickname}}**.");
  await press(page, mailings.save);
  assert.equal(await page.locator("h1").innerText(), mailings.new, "it is not saved");
  await page.getByLabel(mailings.text, { exact: true }).first().fill("Hello **{{first_name|friend}}**.\n\n[Write now]({{link}})");
  await page.getByLabel(mailings.campaign, { exact: true }).selectOption("close-the-loophole");
  await press(page, mailings.count_button);
  await page.getByText(say(mailings.count.one, { Count: 1 })).waitFor();
  await press(page, mailings.save);
  await page.getByRole("heading", { name: /december-news/ }).waitFor();

  await page.getByRole("link", { name: mailings.look_open }).click();
  const frame = page.frameLocator("iframe.mail");
  await frame.getByText("Hello Ana").first().waitFor();
  const ink = await frame.getByRole("link", { name: "Write now" }).evaluate((link) => getComputedStyle(link).textDecorationLine);
  assert.ok(ink, "the mail has its own styles");
  await page.getByText(mailings.look_other).click();
  await page.getByLabel(mailings.look_as).fill(ida.email);
  await press(page, mailings.look_button);
  await page.getByText(say(mailings.look_logged, { Address: ida.email })).waitFor();
  await page.getByRole("link", { name: say(mailings.back, { Name: "december-news" }) }).click();

  await press(page, mailings.test_send);
  await page.getByText(say(mailings.tested, { Address: campaigner })).waitFor();
  await until("the test", async () => (await mailsTo(campaigner)).some((one) => one.subject.startsWith("News for")));
  assert.equal((await mailsTo(ida.email)).filter((one) => one.subject.startsWith("News for")).length, 0, "a test goes to nobody else");

  await page.getByRole("link", { name: mailings.send_open }).click();
  await page.getByText(say(mailings.count.one, { Count: 1 })).waitFor();
  await press(page, say(mailings.start.one, { Count: 1 }));
  await page.getByText(mailings.started).waitFor();
  const sent = await until("the mailing", async () => (await mailsTo(ida.email)).find((one) => one.subject === "News for Ida"), 30);
  assert.match(sent.text, /Hello Ida/);
  await until("its end", async () => {
    await page.goto(`${stage.demo.site}/staff/mailings/1`);
    return (await page.getByText(mailings.state_done, { exact: true }).count()) > 0;
  }, 30);

  const log = JSON.parse(await stage.demo.franklin("audit", "--json")).filter(({ who }) => who === "Cam (staff)").map(({ action }) => action);
  for (const action of ["mailing.write", "mailing.preview", "mailing.test", "mailing.move"]) assert.ok(log.includes(action), `${action} is not in the log`);
  await press(page, staff.sign_out);
  await stage.leave(page);
});
