// UX-17: the mails that people get, in HTML, as a mail program shows them: judged by axe in both
// languages, on a phone and a desk, light and dark.
import assert from "node:assert/strict";
import { test } from "node:test";
import { measure, runAxe } from "../lib/audit.mjs";
import { post, send } from "../lib/form.mjs";
import { another, newHaven } from "../lib/people.mjs";
import { desktop, phone, setStage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";

const stage = setStage();

/** The mail to a person with so many before it. */
function mail(person, index = 0) {
  return until("the mail", async () => (await stage.demo.mails()).filter((one) => one.to.includes(person.email))[index], 20);
}

/** Everything wrong with the HTML of a mail. Nothing in it may be loaded from anywhere: the stage watches. */
async function judge(page, one) {
  await page.setContent(one.html);
  const problems = [];
  for (const viewport of [phone, { width: 360, height: 740 }, desktop]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme });
      problems.push(...(await runAxe(page)).map((problem) => `${viewport.width} ${colorScheme}: ${problem}`));
    }
    problems.push(...(await measure(page)).map((problem) => `${viewport.width}: ${problem}`));
  }
  return problems.map((problem) => `${one.subject}: ${problem}`);
}

/** A mailing with all that an author can write. */
const newsletter = (lang) => `---
name: news-${lang}
kind: newsletter
campaign: close-the-loophole
audience: language = ${lang}
language: ${lang}
subject: "{{first_name|friend}}, {{campaign}}"
---
{{letters}} *letters* of **{{goal}}**, and a [link](https://www.congress.gov/).

## A heading

- one
- two

1. first
2. second

> A line of somebody else.

---

[A button]({{link}})
`;

for (const lang of ["en", "es"]) {
  test(`the mails in ${lang}`, async () => {
    const ann = another(newHaven, lang === "en" ? "Ann" : "Ana");
    await send(stage.demo, { ...ann, lang }, { join: "yes", copy: "yes" });
    const page = await stage.visit({ lang });
    const receipt = await mail(ann);
    const problems = await judge(page, receipt);
    const [join] = receipt.text.match(/http\S+\/join\/[^\s?]+/);
    await post(join, { lang });
    problems.push(...(await judge(page, await mail(ann, 1)))); // the welcome
    await stage.demo.startMailing(`news-${lang}`, newsletter(lang));
    problems.push(...(await judge(page, await mail(ann, 2))));
    await stage.leave(page);
    assert.equal(problems.length, 0, problems.join("\n"));
  });
}

test("a campaigner sees what people get, on light and dark paper, on a phone", async () => {
  const ida = another(newHaven, "Ida");
  await send(stage.demo, ida);
  const { id, subject } = await mail(ida);
  const page = await stage.visit({ js: false });
  await page.goto(`${stage.demo.mail}/messages/${id}`);
  const shown = async (paper) => {
    const frame = page.frameLocator(`iframe[title="The message on ${paper} paper"]`);
    await frame.getByRole("heading", { name: subject }).waitFor();
    return frame.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
  };
  const light = await shown("light");
  await page.getByLabel("Dark").check();
  assert.notEqual(await shown("dark"), light);
  await page.getByLabel("Phone, 360 pixels").check();
  assert.equal((await page.locator("iframe.dark").boundingBox()).width, 362);
  await stage.leave(page);
});
