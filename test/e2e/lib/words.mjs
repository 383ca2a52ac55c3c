// The words of the pages, from the program's own catalogues: a story cares that a page says the
// right sentence, not how it is worded.
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./demo.mjs";

const catalogue = (lang) => JSON.parse(readFileSync(path.join(root, `internal/locale/catalogue/${lang}.json`), "utf8"));

export const words = { en: catalogue("en"), es: catalogue("es") };

/** Puts values into a sentence: say(words.en.review.send, {Member: "Rep. Greg Stanton"}). */
export function say(sentence, values) {
  return sentence.replace(/\{\{\.(\w+)\}\}/g, (_, name) => values[name]);
}
