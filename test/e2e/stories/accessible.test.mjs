// Every state of every page, in both languages, at both widths, light and dark, judged by axe and by
// the Nu HTML checker, and measured for what those two do not see.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { doubleText, measure, runAxe } from "../lib/audit.mjs";
import { startDemo } from "../lib/demo.mjs";
import { javaIsHere, startNu } from "../lib/nu.mjs";
import { desktop, phone, setStage } from "../lib/stage.mjs";
import { operatorStates, prepare, publicStates, staffStates } from "../lib/states.mjs";

const stage = setStage();
const java = javaIsHere();
let handoff, receipts, nu;

before(async () => {
  handoff = await startDemo({ handoff: true });
  stage.props.push(handoff);
  if (java) stage.props.push((nu = await startNu()));
  receipts = await prepare(stage.demo, handoff);
});

/** Shows a state as it was served, without asking for it again. */
async function show(page, { url, headers, html }) {
  await page.unrouteAll();
  await page.route(url, (route) => route.fulfill({ status: 200, headers, body: html }));
  await page.goto(url);
}

/** Everything wrong with a state. */
async function judge(page, one) {
  const problems = nu ? await nu.check(one.html) : [];
  await show(page, one);
  for (const viewport of [phone, desktop]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme });
      problems.push(...(await runAxe(page)).map((problem) => `${viewport.width} ${colorScheme}: ${problem}`));
    }
    problems.push(...(await measure(page)).map((problem) => `${viewport.width}: ${problem}`));
  }
  problems.push(...(await doubleText(page)));
  return problems.map((problem) => `${one.name}: ${problem}`);
}

/** Judges the states as they come. All problems are told at once. */
async function judgeAll(states) {
  const page = await stage.visit();
  const problems = [];
  for await (const one of states) {
    problems.push(...(await judge(page, one)));
  }
  await stage.leave(page);
  assert.equal(problems.length, 0, problems.join("\n"));
}

describe("no page has a fault", { concurrency: 3 }, () => {
  for (const lang of ["en", "es"]) {
    test(`public pages in ${lang}`, () => judgeAll(publicStates(stage.demo, handoff, receipts, lang)));
    test(`staff pages in ${lang}`, () => judgeAll(staffStates(stage.demo, lang)));
  }
  test("the Capitol, the caught mail, the operator's page", () => judgeAll(operatorStates(stage.demo)));
});

test("the Nu HTML checker runs", { skip: !java && "there is no Java; apt-get install default-jre-headless" }, () => assert.ok(nu));

// Checkers that find nothing prove nothing, unless they find what is there.
const faulty = `<!doctype html><html><head><title></title></head><body>
  <img src="/assets/none.png"><button></button><input name="x"><a href="#">  </a>
  <p style="color: #ccc; background: #fff">Pale words</p><h4>Skipped</h4><div role="bottun">?</div>
  <input autocomplete="street-address" aria-label="Street" style="width: 9px; height: 9px">
  <div style="width: 2000px">Wide</div><ul><p>Not an item</p></ul></body></html>`;

test("the checkers find the faults of a page that has them", async () => {
  const page = await stage.visit();
  const fine = stage.faults.length;
  await show(page, { url: stage.demo.action, headers: { "content-type": "text/html; charset=utf-8" }, html: faulty });
  const found = [...(await runAxe(page)), ...(await measure(page)), ...(nu ? await nu.check(faulty) : [])].join("\n");
  const expected = ["html-has-lang", "document-title", "image-alt", "button-name", "label", "link-name", "color-contrast", "aria-roles",
    "list", "scrolls sideways", "a target of"];
  if (nu) expected.push("An “img” element must have an “alt”", "street-address");
  for (const fault of expected) assert.ok(found.includes(fault), `${fault} is not among\n${found}`);
  stage.faults.splice(fine); // it loads a picture that is not there
  await stage.leave(page);
});
