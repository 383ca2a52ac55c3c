// The Capitol misbehaves; the receipt says only what is known, and no letter goes twice.
// Each story has an office of its own, so that they can all wait at the same time.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { send } from "../lib/form.mjs";
import { checkMessage } from "../lib/message.mjs";
import { newHaven } from "../lib/people.mjs";
import { setStage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";
import { words } from "../lib/words.mjs";

const stage = setStage();
const { en } = words;

// Capitals of states with one district, and other cities that lie in one.
const offices = [
  ["HAK00", "Anchorage", "AK", "99501"], ["HWY00", "Cheyenne", "WY", "82001"], ["HVT00", "Burlington", "VT", "05401"],
  ["HDE00", "Dover", "DE", "19901"], ["HND00", "Bismarck", "ND", "58501"], ["HSD00", "Pierre", "SD", "57501"],
  ["HFL22", "Boynton Beach", "FL", "33435"], ["HTX16", "El Paso", "TX", "79901"], ["HCT01", "Hartford", "CT", "06103"],
  ["HME01", "Portland", "ME", "04101"], ["HNH01", "Manchester", "NH", "03101"], ["HHI01", "Honolulu", "HI", "96813"],
];

/** One letter to an office that treats the coming messages as the act says. */
async function letter(act) {
  const [office, city, state, zip] = offices.pop();
  await stage.demo.script({ ...act, office });
  return { office, receipt: await send(stage.demo, { ...newHaven, city, state, zip, email: `${office}@example.com` }) };
}

/** Collects what the receipt says until it says the last of these headlines. */
async function headlines(receipt, last) {
  const seen = [];
  return until(`the receipt to say "${last}" after ${seen}`, async () => {
    const page = await (await fetch(receipt)).text();
    const [, headline] = page.match(/data-headline>([^<]*)</);
    if (seen.at(-1) !== headline) seen.push(headline);
    return headline === last && { seen, page };
  }, 40);
}

/** The one message to the office. Returns how often it came again under the same number. */
async function one(office) {
  const mine = (all) => all.filter((message) => message.office === office);
  const messages = mine(await stage.demo.messages());
  assert.equal(messages.length, 1, `messages to ${office}`);
  await checkMessage(stage.demo, messages[0]);
  const ledger = mine(await (await fetch(`${stage.demo.capitol}/ledger`)).json());
  return ledger.filter((reception) => reception.repeated).length;
}

describe("the Capitol", { concurrency: 12 }, () => {
  test("refuses: the reasons are told", async () => {
    const { office, receipt } = await letter({ do: "refuse", text: "The office does not take messages about this topic" });
    const { page } = await headlines(receipt, en.state.refused);
    assert.ok(page.includes("The office does not take messages about this topic"));
    assert.ok(page.includes("tel:+1"), "another way to the office");
    assert.deepEqual((await stage.demo.messages()).filter((message) => message.office === office), []);
  });

  for (const [act, told] of [
    [{ do: "503", retry_after: 1 }, en.state.waiting],
    [{ do: "429", retry_after: 1 }, en.state.waiting],
    [{ do: "500" }, en.state.unknown], // who says 500 may have stored it
  ]) {
    test(`answers ${act.do}: the letter goes out later`, async () => {
      const { office, receipt } = await letter(act);
      const { seen } = await headlines(receipt, en.state.accepted_house);
      assert.ok(seen.includes(told), seen.join(", "));
      assert.equal(await one(office), 0, "it came once");
    });
  }

  // After these nobody can know whether the message is there. It is, and the Capitol says so when it comes again.
  for (const what of ["timeout-after", "500-after", "reset-after", "garbage", "truncated", "html"]) {
    test(`${what}, having stored it: unknown at first, then accepted`, async () => {
      const { office, receipt } = await letter({ do: what });
      const { seen } = await headlines(receipt, en.state.accepted_house);
      assert.ok(seen.includes(en.state.unknown), seen.join(", "));
      assert.equal(await one(office), 1, "it came again under the same number and was recognised");
    });
  }

  test("loses the message and hangs up: it comes again", async () => {
    const { office, receipt } = await letter({ do: "timeout-after", lost: true, delay_ms: 200 });
    await headlines(receipt, en.state.accepted_house);
    await one(office);
  });

  test("is away: nothing pretends", async () => {
    const { office, receipt } = await letter({ do: "503", times: 3 });
    const { page } = await headlines(receipt, en.state.waiting);
    assert.ok(page.includes(en.state.waiting_more));
    await headlines(receipt, en.state.accepted_house);
    await one(office);
  });
});

test("the counter counts what was accepted, and nothing else", async () => {
  const accepted = (await stage.demo.messages()).length;
  assert.equal(accepted, 11);
  await stage.demo.counted(accepted);
});
