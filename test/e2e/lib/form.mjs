// Filling in the form, with a browser or without one.
import assert from "node:assert/strict";

/** Fills in the fields of the person in a page that shows the form. */
export async function fill(page, person) {
  for (const [name, value] of Object.entries(person)) {
    const field = page.locator(`#f-${name}`);
    if (name === "prefix" || name === "state") await field.selectOption(value);
    else if (name === "join") await field.setChecked(value);
    else await field.fill(value);
  }
}

/** What stands in the fields of the form. */
export async function typed(page, names) {
  const all = {};
  for (const name of names) all[name] = await page.locator(`#f-${name}`).inputValue();
  return all;
}

/** Presses the button that goes on from the form, the choice or the review. */
export async function goOn(page, name) {
  await Promise.all([page.waitForEvent("domcontentloaded"), page.getByRole("button", { name }).first().click()]);
}

/** From the action page to the review, choosing the district if asked. */
export async function toReview(page, url, person, district) {
  await page.goto(url);
  await fill(page, person);
  await goOn(page, /^Continue: see/);
  if (district) {
    await page.locator(`input[name=district][value=${district}]`).check();
    await goOn(page, /^Continue and review/);
  }
  assert.equal(await page.title(), "Step 2 of 3: Check your letter – Lantern Alliance");
}

/** The key of a freshly shown form. The site takes no form without one that it made itself. */
export const newKey = async (url) => (await offered(url)).key;

/** What a fresh form brings along: its key, and subject and letter of the campaign. */
export async function offered(url) {
  const page = await (await fetch(url)).text();
  const decode = (text) => text.replaceAll("&#39;", "'").replaceAll("&#34;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  return {
    key: page.match(/name="key" value="([^"]+)"/)[1],
    subject: decode(page.match(/name="subject" type="text" value="([^"]*)"/)[1]),
    message: decode(page.match(/<textarea id="f-message"[^>]*>\n?([^<]*)</)[1]),
  };
}

/** Posts a form as a browser without scripts would. */
export function post(url, fields, headers = {}) {
  return fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual", headers });
}

/** Sends a letter and returns the address of its receipt. */
export async function send(demo, person, more = {}) {
  const fields = { ...(await offered(demo.action)), ...person, ...more };
  const answer = await post(`${demo.action}/send`, fields);
  assert.equal(answer.status, 303, await answer.text());
  return new URL(answer.headers.get("location"), demo.site).href;
}
