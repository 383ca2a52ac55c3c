// Judges a page as a browser shows it: accessibility by axe, and what axe does not measure.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Runs axe over the page as it stands. Returns one line for each element in the wrong. */
export async function runAxe(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => window.axe.run(document, {
    runOnly: { type: "tag", values }, resultTypes: ["violations"],
  }), tags);
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `axe ${id}: ${help} at ${node.target.join(" ")}`));
}

/** What can be measured: no sideways scrolling, targets large enough to hit, and no text
 * lost when a reader spaces it out (WCAG 1.4.10, 2.5.8, 1.4.12). */
export async function measure(page) {
  return [
    ...(await page.evaluate(smallTargets)),
    ...(await page.evaluate(sideways)),
    ...(await styled(page, "spaced text", "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }")),
  ];
}

/** No text is lost when only the text is twice as large (WCAG 1.4.4). */
export function doubleText(page) {
  return styled(page, "text twice as large", "html { font-size: 200% !important }");
}

/** What is wrong with the page under a reader's own style. The policy of the page leaves readers alone. */
async function styled(page, name, css) {
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, css);
  const problems = [...(await page.evaluate(sideways)), ...(await page.evaluate(cutOff))];
  await page.evaluate(() => { document.adoptedStyleSheets = []; });
  return problems.map((problem) => `${problem} with ${name}`);
}

function sideways() {
  const { scrollWidth } = document.documentElement;
  if (scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
  return [`scrolls sideways, ${scrollWidth} px in ${innerWidth}: ${wide.slice(0, 3).map((element) => element.className || element.tagName)}`];
}

function smallTargets() {
  const inline = (link) => link.tagName === "A" && getComputedStyle(link).display === "inline"; // excepted by 2.5.8
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((target) => target.checkVisibility() && !target.closest(".unseen, .skip") && !inline(target))
    .map((target) => {
      // A label that belongs to a box is part of its target.
      const parts = [target, ...(["radio", "checkbox"].includes(target.type) ? target.labels : [])].map((part) => part.getBoundingClientRect());
      return { target, width: Math.max(...parts.map((box) => box.width)), height: Math.max(...parts.map((box) => box.height)) };
    })
    .filter(({ width, height }) => width < 24 || height < 24)
    .map(({ target, width, height }) => `a target of ${Math.round(width)} by ${Math.round(height)} px: ${target.id || target.textContent.trim() || target.name}`);
}

function cutOff() {
  const clips = (element) => /hidden|clip/.test(getComputedStyle(element).overflow);
  const lost = (box, around) => box.right > around.right + 1 || box.bottom > around.bottom + 1 || box.left < around.left - 1;
  const lines = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
  };
  return [...document.querySelectorAll("main *, header *, footer *")]
    .filter((element) => element.checkVisibility() && !element.closest("svg, .unseen, select, progress") && element.innerText && clips(element))
    .filter((element) => lines(element).some((box) => lost(box, element.getBoundingClientRect())))
    .map((element) => `text cut off in ${element.className || element.tagName}`);
}
