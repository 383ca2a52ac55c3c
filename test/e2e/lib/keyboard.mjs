// Moving through a page as people do who use no pointer.
import assert from "node:assert/strict";
import { until } from "./until.mjs";

const look = (page) => page.evaluate(() => {
  const at = document.activeElement;
  const { left, right, top, bottom } = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const free = [[left, top], [right, top], [left, bottom], [right, bottom], [left + right, top + bottom].map((sum) => sum / 2)]
    .filter(([x, y]) => {
      const front = document.elementFromPoint(Math.min(Math.max(x, left + 2), right - 2), Math.min(Math.max(y, top + 2), bottom - 2));
      return front && (at.contains(front) || front.contains(at));
    });
  return {
    name: at.name || at.id || at.textContent.trim().slice(0, 60) || at.tagName,
    body: at === document.body,
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inView: bottom > 0 && top < innerHeight,
    free: free.length,
    top,
  };
});

/** What has the focus, once the page has scrolled to it. */
async function focused(page) {
  let last = {};
  return until("the page to scroll to the focus", async () => {
    const at = await look(page);
    const still = at.top === last.top && at.inView;
    last = at;
    return (still || at.body) && at;
  });
}

/** Presses Tab until the element has the focus. On the way every stop must show its focus
 * and must not be covered by something else. Returns the names of the stops. */
export async function tabTo(page, selector, most = 60) {
  const stops = [];
  while (stops.length < most) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (at.body) continue; // past the last stop; the next Tab starts from the top
    stops.push(at.name);
    assert.ok(at.ring, `the focus on ${at.name} cannot be seen`);
    assert.ok(at.free > 0, `something covers ${at.name} when it has the focus`);
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return stops;
  }
  throw new Error(`Tab does not lead to ${selector}, only to ${stops.join(", ")}`);
}

/** Fills in the form from field to field, each reached with Tab. */
export async function typeForm(page, person) {
  const stops = [];
  for (const [name, value] of Object.entries(person)) {
    stops.push(...(await tabTo(page, `#f-${name}`)));
    if (name === "message") await page.keyboard.press("Control+End");
    if (name === "join") await page.keyboard.press("Space");
    else await page.keyboard.type(await nameOf(page, name, value));
  }
  return stops;
}

/** A select is driven by the names of its options, not by their values. */
function nameOf(page, field, value) {
  return page.evaluate(([id, wanted]) => {
    const options = [...(document.getElementById(id).options ?? [])];
    return options.find((option) => option.value === wanted)?.text ?? wanted;
  }, [`f-${field}`, value]);
}

/** Presses the key that sets off a new page, and waits for it. */
export async function press(page, key) {
  await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press(key)]);
}
