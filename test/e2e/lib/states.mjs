// Every state of every page, reached as a browser without scripts would reach it.
import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { campaignFile } from "./demo.mjs";
import { newKey, offered, post, send } from "./form.mjs";
import { another, newHaven, places, tempe } from "./people.mjs";
import { until } from "./until.mjs";
import { words } from "./words.mjs";

/** A page's address, headers and HTML under a name. */
async function state(name, answer) {
  const html = await answer.text();
  if (answer.status >= 300 && answer.status < 400) throw new Error(`${name} is a redirect to ${answer.headers.get("location")}`);
  const headers = Object.fromEntries(answer.headers);
  delete headers["content-length"];
  delete headers["content-encoding"];
  delete headers["set-cookie"]; // whoever shows the state is not signed in by it
  return { name, url: answer.url, status: answer.status, headers, html };
}

/** Makes the campaigns and letters that the states need. Returns addresses of receipts. */
export async function prepare(demo, handoff) {
  const file = await campaignFile();
  const variant = (slug, head) => file.replace(/^slug: .*$/m, `slug: ${slug}`).replace("\n---\n", `\n${head}\n---\n`);
  await demo.apply(variant("next-spring", "closes: 2027-06-30").replace(/^opens: .*$/m, "opens: 2027-03-01"));
  await demo.apply(variant("over", "closes: 2026-11-01"));
  await demo.apply(variant("won", 'outcome: {date: 2026-11-20, summary: "The bill became law.", text: "It was **signed** in November."}')
    .replace(/^title: .*$/m, "title: Keep the doors of the clinics open"));
  await demo.apply(variant("asks", "confirm: email"));
  await until("the campaign that asks to confirm", async () => (await fetch(`${demo.site}/c/asks`)).ok);
  const stuck = (office, act) => demo.script({ ...act, office, times: -1 });
  await stuck("HVT00", { do: "503", retry_after: 3600 });
  await stuck("HAK00", { do: "refuse", text: "The office does not take messages about this topic" });
  await stuck("HWY00", { do: "garbage", lost: true });
  const resident = (city, stateCode, zip) => ({ ...another(newHaven, "Jo", city), city, state: stateCode, zip });
  const receipts = {
    accepted: await send(demo, { ...tempe, district: "AZ-04" }, { join: "yes", message: "In my own words.\n\nAnd a second paragraph." }),
    waiting: await send(demo, resident("Burlington", "VT", "05401")),
    refused: await send(demo, resident("Anchorage", "AK", "99501")),
    unknown: await send(demo, resident("Cheyenne", "WY", "82001")),
    frozen: await send(demo, resident("Dover", "DE", "19901"), { reference_code: "http://spam.example" }),
    handoff: await send(handoff, newHaven),
    "handed-over": await send(handoff, another(newHaven, "Jules")),
    reported: await send(handoff, another(newHaven, "Jill")),
  };
  await post(`${receipts.reported.split("?")[0]}/not-me`, { lang: "en" });
  const [, letter] = (await (await fetch(receipts["handed-over"])).text()).match(/name="letter" value="([^"]+)"/);
  await post(`${receipts["handed-over"]}/sent`, { letter });
  const settled = { accepted: "accepted_house", waiting: "waiting", refused: "refused", unknown: "unknown", frozen: "frozen" };
  for (const [name, word] of Object.entries(settled)) {
    await until(`the receipt to be ${name}`, async () => (await (await fetch(receipts[name])).text()).includes(words.en.state[word]), 30);
  }
  await until("the closed campaigns", async () => (await (await fetch(`${demo.site}/`)).text()).includes("/c/won"));
  return receipts;
}

/** All public pages in all their states in one language. */
export async function* publicStates(demo, handoff, receipts, lang) {
  const headers = { "Accept-Language": lang };
  const get = (url) => fetch(url, { headers });
  const text = await offered(demo.action);
  const filled = (more) => ({ ...text, ...tempe, lang, ...more });
  const form = async (path, more, at = demo) => post(`${at.action}${path}`, filled({ key: await newKey(at.action), ...more }));

  yield state("list", await get(`${demo.site}/`));
  yield state("action", await get(demo.action));
  yield state("action filled", await form("", { join: "yes" }));
  yield state("action with a copy", await form("", { copy: "yes", forget: "yes" }));
  yield state("action empty with errors", await post(`${demo.action}/review`, { key: await newKey(demo.action), lang }));
  yield state("action wrong", await form("/review", { prefix: "X", email: "a", phone: "1", zip: "1", city: "A", address1: "1", address2: "x".repeat(200), subject: "a", message: "a" }));
  yield state("action mismatch", await form("/review", { zip: "10001" }));
  yield state("choice", await form("/review"));
  yield state("choice not made", await form("/review", { district: "" }));
  yield state("choice unsure", await form("/review", { lat: "40.7", lon: "-74.0", accuracy: "20" }));
  yield state("choice with a vacancy", await form("/review", { state: "FL", city: "Fort Lauderdale", zip: "33311" }));
  yield state("review", await form("/review", { district: "AZ-04" }));
  yield state("review in own words", await form("/review", { district: "AZ-04", join: "yes", message: "In my own words.\n\nAnd a second paragraph.", phone: "" }));
  yield state("review with a copy", await form("/review", { district: "AZ-04", copy: "yes", forget: "yes" }));
  yield state("review handoff", await form("/review", { district: "AZ-04" }, handoff));
  const used = { key: await newKey(demo.action), ...another(newHaven, `Robin ${randomBytes(8).toString("hex")}`) };
  await form("/send", used);
  yield state("review another person", await form("/send", { ...used, first_name: "Alex" }));
  yield state("action unsigned", await form("/send", { district: "AZ-04", key: "x".repeat(43) }));
  yield state("quiet", await form("/send", { district: "AZ-04" }));
  for (const [name, url] of Object.entries(receipts)) yield state(`receipt ${name}`, await get(`${url}?lang=${lang}`));
  for (const [name, what] of [["handoff", "take-back"], ["handoff", "not-me"], ["accepted", "take-back"]]) {
    yield state(`undo ${what} ${name}`, await get(`${receipts[name].split("?")[0]}/${what}?lang=${lang}`));
  }
  yield* confirmStates(demo, lang);
  yield* endStates(demo, lang);
  yield state("undo not-me mailed", await get(await mailed(demo, another(newHaven, "Jo", "Dover").email, `/not-me?lang=${lang}`)));
  for (const name of ["dc", "pr", "texas", "military", "box", "freely", "unknown"]) {
    const { city, state: code, zip } = places[name];
    yield state(`cannot ${name}`, await form("/review", { city, state: code, zip }));
  }
  yield* answerStates(demo, receipts, lang);
  for (const slug of ["next-spring", "over", "won"]) yield state(`campaign ${slug}`, await get(`${demo.site}/c/${slug}`));
  yield* peopleStates(demo, lang);
  yield state("privacy", await get(`${demo.site}/privacy`));
  yield state("not found", await get(`${demo.site}/nowhere`));
  yield state("method not allowed", await post(`${demo.site}/privacy`, { lang }, headers));
  yield state("forbidden", await post(`${demo.action}/send`, { lang }, { "Sec-Fetch-Site": "cross-site" }));
}

/** The address behind the first link to the receipt, or to another page, that was mailed to somebody. */
async function mailed(demo, email, rest = "", page = "receipt") {
  const mail = await until(`a mail to ${email}`, async () => (await demo.mails()).find((one) => one.to.includes(email) && one.text.includes(`/${page}/`)));
  return mail.text.match(new RegExp(`http\\S+/${page}/[^\\s?]+`))[0] + rest;
}

/** The mailed receipt that offers to tell how the campaign ends, and takes it back. */
async function* endStates(demo, lang) {
  const person = another(newHaven, `Uma ${randomBytes(8).toString("hex")}`);
  await send(demo, person);
  const url = await mailed(demo, person.email);
  yield state("receipt offers the end", await fetch(`${url}?lang=${lang}`));
  await post(`${url}/tell`, { lang });
  yield state("receipt tells the end", await fetch(`${url}?lang=${lang}`));
}

/** The pages around a letter that waits until the owner of the mailbox has confirmed it. */
async function* confirmStates(demo, lang) {
  const get = (url) => fetch(`${url}?lang=${lang}`);
  const ask = async () => {
    const url = `${demo.site}/c/asks`;
    const person = another(newHaven, `Sam ${randomBytes(8).toString("hex")}`);
    const answer = await post(`${url}/send`, { ...(await offered(url)), ...person, lang });
    const link = (page) => mailed(demo, person.email, "", page);
    return { answer, confirm: await link("confirm"), stop: await link("stop") };
  };
  const one = await ask();
  yield state("confirm mailed", one.answer);
  yield state("confirm", await get(one.confirm));
  const done = await post(one.confirm, { lang });
  yield state("confirm done", await get(one.confirm));
  yield state("receipt confirmed", await fetch(new URL(done.headers.get("location"), demo.site)));
  const other = await ask();
  yield state("stop", await get(other.stop));
  const back = (await (await get(other.confirm)).text()).match(/href="(\/stop\/[^"]+)"/)[1].replaceAll("&amp;", "&");
  yield state("stop from confirm", await fetch(new URL(back, demo.site)));
  yield state("stop done", await post(other.stop, { lang }));
  yield state("confirm gone", await get(other.confirm));
}

/** The pages of the list and of one's own data. */
export async function* peopleStates(demo, lang) {
  const get = (url) => fetch(`${url}${url.includes("?") ? "&" : "?"}lang=${lang}`);
  const person = another(newHaven, `Lee ${randomBytes(8).toString("hex")}`);
  await send(demo, person, { join: "yes" });
  const join = await mailed(demo, person.email, "", "join");
  const leave = await leaveLink(demo, join);
  yield state("join", await get(join));
  yield state("leave unconfirmed", await get(leave));
  yield state("join done", await post(join, { lang }));
  yield state("leave", await get(leave));
  yield state("leave done", await post(leave, { lang, "List-Unsubscribe": "One-Click" }));
  yield state("join gone", await get(join));
  yield state("leave never", await post(leave, { lang, list: "everything" }));
  yield state("my data", await get(`${demo.site}/my-data`));
  yield state("my data wrong", await post(`${demo.site}/my-data`, { lang, email: "a@" }));
  const other = another(newHaven, `Kim ${randomBytes(8).toString("hex")}`);
  await send(demo, other);
  yield state("my data sent", await post(`${demo.site}/my-data`, { lang, email: other.email }));
  const own = await mailed(demo, other.email, "", "my-data");
  yield state("own data", await get(own));
  await post(`${own}/download`, { lang });
  yield state("own data fetched", await get(own));
  yield state("own data sure", await get(`${own}/erase`));
  yield state("own data erased", await post(`${own}/erase`, { lang }));
}

/** The link in a mail of the list, made as the program makes it: with its secret, for the person of another link. */
async function leaveLink(demo, join) {
  const secret = Buffer.from((await readFile(path.join(demo.data, "secret.key"), "utf8")).trim(), "hex");
  const text = join.split("/").pop().split(".").slice(0, 4).join(".");
  const mark = createHmac("sha256", secret).update(`leave\0${text}`).digest().subarray(0, 16).toString("base64url");
  return `${demo.site}/leave/${text}.${mark}`;
}

/** The receipt that offers to ask later, and takes it back, and the rates of the offices. */
async function* answerStates(demo, receipts, lang) {
  const url = receipts.accepted.split("?")[0];
  await post(`${url}/ask`, { lang });
  yield state("receipt to be asked", await fetch(`${url}?lang=${lang}`));
  await post(`${url}/do-not-ask`, { lang });
  yield state("offices without answers", await fetch(`${demo.action}/offices?lang=${lang}`));
}

/** Somebody of the staff in a browser without scripts: what they get, and what they post. */
export async function signIn(demo, name, role) {
  const said = await demo.franklin("staff", "invite", `${name}-${randomBytes(4).toString("hex")}@lantern.example`, "--role", role, "--name", `${name} ${randomBytes(3).toString("hex")}`);
  const answer = await post(said.match(/http\S+\/staff\/enter\/\S+/)[0], {});
  const cookie = answer.headers.getSetCookie()[0].split(";")[0];
  return {
    get: (path) => fetch(`${demo.site}/staff/${path}`, { headers: { cookie } }),
    post: (path, fields) => post(`${demo.site}/staff/${path}`, fields, { cookie }),
  };
}

/** The pages for members of the staff. */
export async function* staffStates(demo, lang) {
  const url = (path) => `${demo.site}/staff/${path}${path.includes("?") ? "&" : "?"}lang=${lang}`;
  const [owner, viewer] = await Promise.all([signIn(demo, "Olivia", "owner"), signIn(demo, "Vic", "viewer")]);
  const at = (path) => `${path}${path.includes("?") ? "&" : "?"}lang=${lang}`;
  yield state("staff sign-in", await fetch(url("sign-in")));
  yield state("staff sign-in wrong", await post(url("sign-in"), { lang, email: "a@" }));
  yield state("staff sign-in sent", await post(url("sign-in"), { lang, email: "nobody@lantern.example" }));
  yield state("staff link gone", await fetch(url("enter/none")));
  const link = (await demo.franklin("staff", "invite", `new-${randomBytes(4).toString("hex")}@lantern.example`, "--role", "viewer")).match(/\/staff\/enter\/\S+/)[0];
  yield state("staff link", await fetch(`${demo.site}${link}?lang=${lang}`));
  for (const n of [1, 2, 3]) {
    await send(demo, another(newHaven, `Odd ${randomBytes(6).toString("hex")}`), { reference_code: "x", ...(n > 1 && { message: "In my own words." }) });
  }
  yield state("staff desk", await owner.get(at("")));
  const list = await (await owner.get("aside")).text();
  const [, reason] = list.match(/href="\/staff\/aside\?reason=([^"]+)"/);
  const letters = [...list.matchAll(/name="letter" value="([^"]+)"/g)].map(([, id]) => id);
  yield state("staff aside", await owner.get(at("aside")));
  yield state("staff aside of a reason", await owner.get(at(`aside?reason=${reason}`)));
  yield state("staff aside for a viewer", await viewer.get(at("aside")));
  yield state("staff aside nothing chosen", await owner.post("move/preview", { lang, do: "release" }));
  yield state("staff release", await owner.post("move/preview", { lang, do: "release", letter: letters[0] }));
  yield state("staff refuse without a reason", await owner.post("move", { lang, do: "refuse", letter: letters[0] }));
  yield state("staff refused", await owner.post("move", { lang, do: "refuse", letter: letters[0], why: "Written by a program." }));
  const unknown = await (await owner.get("unknown")).text();
  const [doubtful] = [...unknown.matchAll(/name="letter" value="([^"]+)"/g)].map(([, id]) => id);
  yield state("staff unknown", await owner.get(at("unknown")));
  yield state("staff unknown of no office", await owner.get(at("unknown?office=none")));
  yield state("staff unknown arrived", await owner.post("move/preview", { lang, do: "resolve-accepted", letter: doubtful }));
  yield state("staff unknown stood elsewhere", await owner.post("move/preview", { lang, do: "resolve-refused", letter: letters[0] }));
  yield state("staff letter unknown", await owner.get(at(`letters/${doubtful}`)));
  yield state("staff session over", await post(url("move"), { lang, do: "refuse", letter: letters[1], why: "Typed for long." }));
  yield state("staff find", await owner.get(at("letters")));
  yield state("staff find nothing", await owner.get(at("letters/none")));
  yield state("staff letter put aside", await owner.get(at(`letters/${letters[1]}`)));
  yield state("staff letter refused", await owner.get(at(`letters/${letters[0]}`)));
  const sent = await demo.messages();
  for (const [name, message] of [["first", sent[0]], ["last", sent.at(-1)]]) yield state(`staff letter ${name}`, await owner.get(at(`letters/${message.delivery_id}`)));
  yield state("staff queue", await owner.get(at("queue")));
  yield state("staff queue without a reason", await owner.post("queue/cwc-house/pause", { lang }));
  yield state("staff queue paused", await owner.post("queue/cwc-house/pause", { lang, why: "The House asked us to." }));
  await owner.post("queue/cwc-house/resume", {});
  yield* mailingStates(demo, owner, lang);
  yield state("staff denied", await viewer.get(at("letters")));
  yield state("staff not found", await owner.get(at("nowhere")));
}

/** Puts somebody new on the list, as they do it themselves. */
async function join(demo) {
  const person = another(newHaven, `Joy ${randomBytes(8).toString("hex")}`);
  await send(demo, person, { join: "yes" });
  await post(await mailed(demo, person.email, "", "join"), {});
}

/** The pages of two mailings, from the empty form to their ends. */
async function* mailingStates(demo, owner, lang) {
  const at = (path) => `${path}${path.includes("?") ? "&" : "?"}lang=${lang}`;
  const form = {
    lang, name: `news-${randomBytes(4).toString("hex")}`, kind: "newsletter", campaign: "close-the-loophole", language: "en",
    subject: "News for {{first_name|you}}", text: "Hello **{{first_name|friend}}**.\n\n[Write now]({{link}})",
    "other-subject": "Noticias", "other-text": "Hola.", second: "It moves, {{first_name|friend}}",
  };
  const save = async (fields) => (await owner.post("mailings/new", { ...fields, do: "save" })).headers.get("location").replace("/staff/", "").split("?")[0];
  const shown = async (path) => (await (await owner.get(`${path}/send`)).text()).match(/name="shown" value="(\w+)"/)[1];
  await Promise.all([join(demo), join(demo), join(demo)]);
  yield state("staff mailing new", await owner.get(at("mailings/new")));
  yield state("staff mailing wrong", await owner.post("mailings/new", { ...form, name: "", text: "{{nickname}}", filter: "state = Nowhere", share: "x", do: "save" }));
  yield state("staff mailing counted", await owner.post("mailings/new", { ...form, do: "count" }));
  const path = await save(form);
  yield state("staff mailing draft", await owner.get(at(path)));
  yield state("staff mailing change", await owner.get(at(`${path}/change`)));
  yield state("staff mailing preview", await owner.get(at(`${path}/preview`)));
  yield state("staff mailing preview of nobody", await owner.post(`${path}/preview`, { lang, address: "nobody@example.org" }));
  yield state("staff mailing tested", await owner.post(`${path}/test`, { lang }));
  yield state("staff mailing send", await owner.get(at(`${path}/send`)));
  yield state("staff mailing changed meanwhile", await owner.post(`${path}/start`, { lang, shown: "something else" }));
  yield state("staff mailing without a day", await owner.post(`${path}/schedule`, { lang, shown: await shown(path) }));
  yield state("staff mailing scheduled", await owner.post(`${path}/schedule`, { lang, shown: await shown(path), day: "2030-12-24", hour: "09:00" }));
  await owner.post(`${path}/unschedule`, {});
  const slow = await save({ ...form, name: `slow-${form.name}`, second: "", rate: "1" });
  yield state("staff mailing started", await owner.post(`${slow}/start`, { lang, shown: await shown(slow) }));
  yield state("staff mailing paused", await owner.post(`${slow}/pause`, { lang, why: "A wrong link." }));
  yield state("staff mailings", await owner.get(at("mailings/")));
  yield state("staff mailing cancel without a reason", await owner.post(`${slow}/cancel`, { lang }));
  yield state("staff mailing cancelled", await owner.post(`${slow}/cancel`, { lang, why: "Written to look at." }));
  await owner.post(`${path}/start`, { shown: await shown(path) });
  yield state("staff mailing begun", await owner.get(at(path)));
}

/** The pages for the people who run the site; they speak English. */
export async function* operatorStates(demo) {
  const [message] = await demo.messages();
  yield state("capitol list", await fetch(`${demo.capitol}/`));
  yield state("capitol message", await fetch(`${demo.capitol}/messages/${message.delivery_id}`));
  yield state("capitol missing", await fetch(`${demo.capitol}/messages/${"0".repeat(32)}`));
  yield state("mail list", await fetch(`${demo.mail}/`));
  yield state("mail", await fetch(`${demo.mail}/messages/${(await demo.mails())[0].id}`));
  yield state("operator", await fetch(`${demo.ops}/`));
}
