// The Nu HTML checker, the one behind validator.w3.org, as a server on this machine.
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import path from "node:path";
import { until } from "./until.mjs";

const jar = path.join(path.dirname(createRequire(import.meta.url).resolve("vnu-jar/package.json")), "build/dist/vnu.jar");

/** Whether Java is here. Continuous integration installs it, and must not go without. */
export function javaIsHere() {
  try {
    execFileSync("java", ["-version"], { stdio: "ignore" });
    return true;
  } catch {
    if (process.env.CI) throw new Error("the Nu HTML checker needs Java: apt-get install default-jre-headless");
    return false;
  }
}

/** Starts the checker. Its check returns what is wrong with the HTML, one line a message. */
export async function startNu() {
  const port = await freePort();
  const options = ["-Xss1024k", "-Xmx384m", "-XX:+UseSerialGC", "-Dnu.validator.servlet.bind-address=127.0.0.1"];
  const child = spawn("java", [...options, "-cp", jar, "nu.validator.servlet.Main", String(port)], { stdio: "ignore" });
  const address = `http://127.0.0.1:${port}/?out=json`;
  const check = async (html) => {
    const answer = await fetch(address, { method: "POST", body: html, headers: { "Content-Type": "text/html; charset=utf-8" } });
    const { messages } = await answer.json();
    return messages.map(({ type, subType, message, extract }) => `Nu ${subType ?? type}: ${message} (${extract?.trim()})`);
  };
  await until("the Nu HTML checker", () => check("<!doctype html><html lang=en><title>x</title>").then(() => true, () => false), 60);
  return { check, stop: () => child.kill() };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
