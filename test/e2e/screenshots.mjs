// Photographs every public page in every state: desktop, phone, dark, and the phone in Spanish.
// Usage: node screenshots.mjs [folder]. The few that the README shows go to docs/screenshots as WebP.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { root, startDemo } from "./lib/demo.mjs";
import { send } from "./lib/form.mjs";
import { another, newHaven } from "./lib/people.mjs";
import { launch } from "./lib/stage.mjs";
import { operatorStates, prepare, publicStates, staffStates } from "./lib/states.mjs";

const folder = path.resolve(process.argv[2] ?? path.join(root, "tmp/screenshots"));
const shown = path.join(root, "docs/screenshots");

const devices = {
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

// The ones for the README.
const curated = [
  "action.desktop.light", "action.desktop.dark", "choice.phone.light", "review.phone.light", "receipt-accepted.phone.light",
];

/** A campaign that many have joined already looks as it is meant to. */
async function crowd(demo, letters) {
  for (let sent = 0; sent < letters; sent += 50) {
    await Promise.all(Array.from({ length: Math.min(50, letters - sent) }, (_, i) => send(demo, neighbour(sent + i))));
  }
  await demo.counted(letters, 300); // all at one office, which gets two at a time
}

/** Each of them has a name, a mailbox and a house of their own, as the guard expects of people. */
const neighbour = (n) => ({ ...another(newHaven, `N${n}`, `Weld${n}`), address1: `${n + 1} Church St` });

/** Photographs a state on a device, in light and dark. The window is made as tall as the page,
 * so that what is fixed to its edge stands where the page ends. */
async function photograph(page, one, device, looks) {
  const { viewport } = devices[device.split("-")[0]];
  await page.unrouteAll();
  await page.route(one.url, (route) => route.fulfill({ status: 200, headers: one.headers, body: one.html }));
  for (const colorScheme of looks) {
    const name = `${one.name.replaceAll(" ", "-")}.${device}.${colorScheme}`;
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize(viewport);
    await page.goto(one.url, { waitUntil: "load" });
    if (curated.includes(name)) await keep(page, name);
    await page.setViewportSize({ width: viewport.width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
  }
}

/** Keeps the first screenful for the README, as WebP: the browser itself knows how to write it. */
async function keep(page, name) {
  const png = await page.screenshot();
  const blank = await page.context().newPage();
  const url = await blank.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.8);
  }, png.toString("base64"));
  await blank.close();
  await writeFile(path.join(shown, `${name.replace(/\.light$/, "").replaceAll(".", "-")}.webp`), Buffer.from(url.split(",")[1], "base64"));
}

const [demo, handoff, browser] = await Promise.all([startDemo({ rate: 5000 }), startDemo({ handoff: true }), launch()]);
try {
  await mkdir(folder, { recursive: true });
  await mkdir(shown, { recursive: true });
  await crowd(demo, 1203);
  const receipts = await prepare(demo, handoff);
  const open = async (device, more) => (await browser.newContext({ ...devices[device], ...more })).newPage();
  for (const [device, lang, looks] of [["desktop", "en", ["light", "dark"]], ["phone", "en", ["light", "dark"]], ["phone", "es", ["light"]]]) {
    const page = await open(device, { locale: lang });
    const label = lang === "en" ? device : `${device}-${lang}`;
    for await (const one of publicStates(demo, handoff, receipts, lang)) await photograph(page, one, label, looks);
    for await (const one of staffStates(demo, lang)) await photograph(page, one, label, looks);
    if (lang === "en") for await (const one of operatorStates(demo)) await photograph(page, one, label, looks);
    await page.context().close();
  }
  console.log(`the screenshots are in ${path.relative(process.cwd(), folder) || "."}`);
} finally {
  await browser.close();
  await Promise.all([demo.stop(), handoff.stop()]);
}
