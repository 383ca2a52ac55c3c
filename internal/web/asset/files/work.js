// The proof of work: while somebody reads their letter, the browser looks for a number with
// which key, address and number have a SHA-256 (FIPS 180-4) that begins with zeros. Without
// this file the letter is confirmed by e-mail instead.
"use strict";
(() => {
  const form = document.querySelector("[data-work]");
  const { key, email, work } = form.elements, says = form.querySelector("[data-working]");
  const bits = +form.dataset.work;

  // The first 32 bits of the fractional parts of the roots of the first primes.
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const part = (root) => ((root % 1) * 4294967296) | 0;
  const k = Int32Array.from(primes, (p) => part(Math.cbrt(p)));
  const first = Int32Array.from(primes.slice(0, 8), (p) => part(Math.sqrt(p)));

  const w = new Int32Array(64);
  const block = (bytes, at, state) => {
    for (let i = 0; i < 16; i++, at += 4) w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) + w[i - 7] +
        (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)) + w[i - 16];
    }
    let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (let i = 0; i < 64; i++) {
      const s = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
      const t = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + s) | 0; d = c; c = b; b = a; a = (s + t) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  };

  // What comes before the number is the same each time, and so are its whole blocks.
  const text = new TextEncoder().encode(key.value.split("~")[0] + "\n" + email.value + "\n");
  const whole = text.length - text.length % 64;
  const start = Int32Array.from(first), state = new Int32Array(8), tail = new Uint8Array(128);
  for (let at = 0; at < whole; at += 64) block(text, at, start);
  tail.set(text.subarray(whole));
  const good = (n) => {
    const digits = String(n);
    let end = text.length - whole;
    for (let i = 0; i < digits.length; i++) tail[end++] = digits.charCodeAt(i);
    const length = (whole + end) * 8, size = end > 55 ? 128 : 64;
    tail[end] = 128;
    tail.fill(0, end + 1, size);
    tail[size - 3] = length >>> 16;
    tail[size - 2] = length >>> 8;
    tail[size - 1] = length;
    state.set(start);
    for (let at = 0; at < size; at += 64) block(tail, at, state);
    return Math.clz32(state[0]) >= bits;
  };

  // In small pieces, so that the page stays quick. Whoever waits for longer than patience
  // after pressing the button is asked by e-mail instead.
  const patience = 20000;
  let n = 0, pressed = null, since = 0, over = false;
  const go = () => {
    over = true;
    if (pressed) form.requestSubmit ? form.requestSubmit(pressed) : form.submit();
  };
  const search = () => {
    const end = performance.now() + 20;
    do {
      if (good(n)) {
        work.value = n;
        return go();
      }
      n++;
    } while (performance.now() < end);
    if (pressed && performance.now() - since > patience) return go();
    setTimeout(search);
  };
  form.addEventListener("submit", (event) => {
    if (over || event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    pressed = event.submitter;
    since ||= performance.now();
    says.textContent = says.dataset.working;
  });
  search();
})();
