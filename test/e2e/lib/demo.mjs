// The program as a newcomer starts it: `franklin demo` on free ports, in a folder of its own.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { until } from "./until.mjs";

export const root = path.resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../../..");
const program = path.join(root, "bin/franklin");
const run = promisify(execFile);

// The demo's clock starts on a day of the 119th Congress with two empty seats, whatever day it is.
export const today = "2026-11-23T17:00:00Z";

/** Starts a demo. Its links are found in what it prints, so every port may be free to choose. */
export async function startDemo({ handoff = false, rate = 200 } = {}) {
  const data = await mkdtemp(path.join(tmpdir(), "franklin-e2e-"));
  const flags = ["addr", "capitol-addr", "mail-addr", "ops-addr"].flatMap((flag) => [`--${flag}`, "127.0.0.1:0"]);
  const child = spawn(program, ["demo", "--data", data, "--at", today, "--rate", rate, ...flags, ...(handoff ? ["--handoff"] : [])]);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
  const links = await until("the demo's links", () => {
    if (child.exitCode !== null) throw new Error(`franklin demo ended with ${child.exitCode}:\n${said}`);
    const found = said.match(/http:\S+/g);
    return said.includes("Ctrl-C") && found;
  }, 20).catch((error) => {
    child.kill();
    throw error;
  });
  return new Demo(child, data, links.map((link) => link.replace(/\/$/, "")));
}

class Demo {
  constructor(child, data, [action, capitol, mail, ops]) {
    Object.assign(this, { child, data, action, capitol, mail, ops });
    this.site = new URL(action).origin;
    this.slug = action.split("/").pop();
  }

  /** Every origin that belongs to the demo. */
  get origins() {
    return [this.site, this.capitol, this.mail, this.ops];
  }

  async stop() {
    if (this.child.exitCode === null) {
      const ended = new Promise((resolve) => this.child.once("exit", resolve));
      this.child.kill("SIGTERM");
      await ended;
    }
    await rm(this.data, { recursive: true, force: true });
  }

  /** The messages that stand in the Capitol. */
  messages() {
    return readJSON(`${this.capitol}/messages`);
  }

  /** Waits until as many messages stand in the Capitol, at most five seconds. */
  arrived(count) {
    return until(`${count} messages in the Capitol`, async () => {
      const all = await this.messages();
      return all.length >= count && all;
    }, 5);
  }

  /** The bytes of a message as the Capitol received them. */
  async xml(message) {
    return (await fetch(`${this.capitol}/messages/${message.delivery_id}.xml`)).text();
  }

  /** The mails that were caught. */
  mails() {
    return readJSON(`${this.mail}/messages.json`);
  }

  /** The public counter. */
  async count(slug = this.slug) {
    return (await readJSON(`${this.site}/c/${slug}/count`)).letters;
  }

  /** Waits until the public counter shows the number; it may lag by a second. */
  counted(letters, seconds = 5) {
    return until(`the counter at ${letters}`, async () => (await this.count()) === letters, seconds);
  }

  /** Makes the Capitol misbehave: {do: "503"}, {do: "refuse", text: "..."} and so on. */
  async script(...acts) {
    const answer = await fetch(`${this.capitol}/script`, { method: "POST", body: JSON.stringify(acts) });
    if (!answer.ok) throw new Error(`the Capitol does not take the script: ${await answer.text()}`);
  }

  /** Makes the Capitol behave again. */
  behave() {
    return fetch(`${this.capitol}/script`, { method: "DELETE" });
  }

  /** Runs a command of the program beside the demo, as its words say, and returns what it prints. */
  async franklin(...args) {
    const settings = await readFile(path.join(this.data, "demo.env"), "utf8");
    const env = Object.fromEntries([...settings.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]));
    return (await run(program, args, { env: { ...process.env, ...env } })).stdout;
  }

  /** Applies a campaign file to the running demo's database, as an author does. */
  async apply(text) {
    return this.franklin("campaign", "apply", await this.write("campaign.md", text));
  }

  /** Sends a mailing, by its name, to everybody on the list. */
  async startMailing(name, text) {
    await this.franklin("mailing", "create", await this.write(`${name}.md`, text));
    return this.franklin("mailing", "start", name);
  }

  /** Writes a file into the demo's folder and returns its path. */
  async write(name, text) {
    const file = path.join(this.data, name);
    await writeFile(file, text);
    return file;
  }
}

/** Runs a command of the program and returns what it prints. */
export async function franklin(...args) {
  return (await run(program, args)).stdout;
}

/** The demo's own campaign, to be changed with replace. */
export function campaignFile() {
  return readFile(path.join(root, "cmd/franklin/demo/close-the-loophole.md"), "utf8");
}

/** The seats at points [lat, lon], in the order of the points; "" where there is none. */
export async function seatsAt(points) {
  const { stdout } = await new Promise((resolve, reject) => {
    const child = execFile(program, ["district", "--csv", "-", "--at", today], { maxBuffer: 1 << 26 },
      (error, out) => (error ? reject(error) : resolve({ stdout: out })));
    child.stdin.end(["lat,lon", ...points.map((point) => point.join(","))].join("\n") + "\n");
  });
  return stdout.trim().split("\n").slice(1).map((row) => row.split(",")[2]);
}

async function readJSON(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer.json();
}
