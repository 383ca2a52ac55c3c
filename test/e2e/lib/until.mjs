import { setTimeout as pause } from "node:timers/promises";

/** Waits until the condition holds and returns its value. The error names what was awaited. */
export async function until(what, condition, seconds = 10) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await pause(25);
  }
}
