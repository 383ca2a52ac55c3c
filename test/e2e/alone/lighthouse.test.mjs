// How fast the action page is by Lighthouse on a slow phone, and its other marks. Nothing else runs
// meanwhile: Lighthouse takes a busy machine for a slow page.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { findChromium, flags, setStage } from "../lib/stage.mjs";

const stage = setStage();
const run = promisify(execFile);
const cli = path.join(path.dirname(createRequire(import.meta.url).resolve("lighthouse/package.json")), "cli/index.js");

/** Lighthouse's scores of 100 for the page, on its slow phone, and the audits that cost points. */
async function lighthouse(url) {
  const output = path.join(stage.demo.data, "lighthouse.json");
  await run(process.execPath, [cli, url, "--quiet", "--output=json", `--output-path=${output}`, "--no-enable-error-reporting",
    `--chrome-flags=--headless=new ${flags.join(" ")}`], { env: { ...process.env, CHROME_PATH: findChromium() } });
  const { categories, audits } = JSON.parse(await readFile(output, "utf8"));
  const scores = Object.fromEntries(Object.values(categories).map(({ id, score }) => [id, Math.round(score * 100)]));
  const short = Object.values(categories).flatMap(({ auditRefs }) => auditRefs)
    .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
    .map(({ id }) => `${id}: ${audits[id].displayValue ?? audits[id].title}`);
  return { scores, short };
}

// A busy machine makes a page slower and nothing makes it faster, so the best of a few runs counts.
const runs = 4;

test("Lighthouse gives the action page its marks", async (t) => {
  let best = { scores: { performance: -1 } };
  for (let n = 0; n < runs && best.scores.performance < 95; n++) {
    const one = await lighthouse(stage.demo.action);
    t.diagnostic(`Lighthouse: ${JSON.stringify(one.scores)}`);
    if (one.scores.performance > best.scores.performance) best = one;
  }
  const { scores, short } = best;
  const told = `${JSON.stringify(scores)}\n${short.join("\n")}`;
  assert.ok(scores.performance >= 95, told);
  assert.deepEqual({ ...scores, performance: 0 }, { performance: 0, accessibility: 100, "best-practices": 100, seo: 100 }, told);
});
