// What the Capitol received, judged by the House's own schema where it is at hand.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { franklin, root } from "./demo.mjs";

const run = promisify(execFile);
const schema = path.join(root, "../shared/cwc/cwc_schema_v2.rng");

/** Fails unless the message would be taken by the House. */
export async function checkMessage(demo, message) {
  const file = path.join(demo.data, `${message.delivery_id}.xml`);
  await writeFile(file, await demo.xml(message));
  await franklin("cwc", "check", file);
  const official = await access(schema).then(() => run("xmllint", ["--version"])).then(() => true, () => false);
  if (official) await run("xmllint", ["--noout", "--relaxng", schema, file]);
}

/** The text of an element, undefined when it is not there. */
export function element(xml, name) {
  const text = xml.match(new RegExp(`<${name}>([^<]*)</${name}>`))?.[1];
  return text?.replaceAll("&#xA;", "\n").replaceAll("&#39;", "'").replaceAll("&#34;", '"').replaceAll("&amp;", "&");
}

/** Which of the two texts the message carries. */
export function texts(xml) {
  return ["OrganizationStatement", "ConstituentMessage"].filter((name) => xml.includes(`<${name}>`));
}

/** Fails unless the Capitol holds exactly this many messages, all of them good. */
export async function onlyMessages(demo, count) {
  const all = await demo.messages();
  assert.equal(all.length, count, "messages in the Capitol");
  for (const message of all) await checkMessage(demo, message);
  return all;
}
