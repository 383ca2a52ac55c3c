// Comfort for people whose browsers run scripts. Every page works without this file, and
// nothing is stored on the device.
"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => root.querySelectorAll(selector);
  const ask = (url, type) => fetch(url, { headers: { Accept: type }, credentials: "omit" }).then((answer) => {
    if (!answer.ok) throw answer.status;
    return type === "application/json" ? answer.json() : answer.text();
  });

  // Buttons that only a script can serve.
  const wire = () => {
    for (const button of all("[data-copy]")) {
      button.hidden = !navigator.clipboard;
      button.onclick = () => navigator.clipboard.writeText(one("#" + button.dataset.copy).value).then(() => {
        button.textContent = button.dataset.done;
      });
    }
    for (const button of all("[data-print]")) {
      button.hidden = false;
      button.onclick = () => print();
    }
  };
  wire();
  addEventListener("beforeprint", () => all(".own-copy").forEach((own) => { own.open = true; }));

  // Leave without a trace in the list of pages to go back to.
  const exit = one("[data-exit]");
  if (exit) exit.onclick = (event) => {
    event.preventDefault();
    location.replace(exit.href);
  };

  // The counter, once a minute at most and only while somebody looks.
  const panel = one("[data-count]");
  if (panel) setInterval(() => {
    if (document.hidden) return;
    ask(panel.dataset.count, "application/json").then((count) => {
      const bar = one("progress", panel);
      one("[data-count-text]", panel).textContent = count.text;
      if (!bar) return;
      bar.max = count.goal;
      bar.value = Math.min(count.letters, count.goal);
      bar.setAttribute("aria-valuetext", count.text);
      one("[data-count-help]", panel).textContent = count.help;
    }).catch(() => {});
  }, 60000);

  // Who would get the letter, as soon as the ZIP code is there.
  const form = one("[data-member]");
  if (form) {
    const { zip, state, lang } = form.elements;
    const box = one("[data-preview]");
    let asked = "", timer = 0;
    const look = () => {
      const five = zip.value.trim().slice(0, 5);
      const query = "?zip=" + five + "&state=" + state.value + "&lang=" + lang.value;
      if (query === asked) return;
      asked = query;
      if (!/^\d{5}$/.test(five)) {
        box.hidden = true;
        return;
      }
      ask(form.dataset.member + query, "application/json").then((member) => {
        if (query !== asked) return;
        box.hidden = !member.heading;
        one("[data-preview-heading]", box).textContent = member.heading;
        one("[data-preview-detail]", box).textContent = member.detail;
      }).catch(() => { box.hidden = true; });
    };
    for (const field of [zip, state]) field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, 400);
    });
    look();
  }

  // How much room is left, once it gets short.
  const left = one("[data-left]");
  if (left) {
    const text = left.parentElement.querySelector("textarea");
    const write = () => {
      const room = left.dataset.left - text.value.length;
      left.hidden = room > 1000;
      if (left.hidden) return; // a browser's first number in words takes long
      left.textContent = (room === 1 ? left.dataset.one : left.dataset.other).replace(/\d+/, room.toLocaleString(document.documentElement.lang + "-US"));
    };
    text.addEventListener("input", write);
    write();
  }

  // The offer to use the browser's location.
  const locate = one("[data-locate]");
  if (locate && navigator.geolocation && isSecureContext) {
    const button = one("button", locate), says = one("[role=status]", locate);
    locate.hidden = false;
    button.onclick = () => {
      says.textContent = locate.dataset.locating;
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        const set = (name, value) => {
          const field = one("[name=" + name + "]", locate);
          field.disabled = false;
          field.value = value;
        };
        set("lat", coords.latitude);
        set("lon", coords.longitude);
        set("accuracy", coords.accuracy);
        for (const radio of all("[name=district]")) radio.checked = false;
        button.form.submit();
      }, () => { says.textContent = locate.dataset.denied; }, { enableHighAccuracy: true, timeout: 20000 });
    };
  }

  // The receipt follows its letters.
  const follow = (receipt) => {
    const seconds = receipt && receipt.dataset.follow;
    if (!seconds) return;
    setTimeout(() => {
      if (document.hidden) return follow(receipt);
      ask(location.href, "text/html").then((page) => {
        const next = new DOMParser().parseFromString(page, "text/html"), fresh = one("#receipt", next);
        const says = (root) => [...all("[data-headline]", root)].map((line) => line.textContent).join(". ");
        if (says(fresh) !== says(receipt)) {
          receipt.replaceWith(fresh);
          document.title = next.title;
          one("[data-announce]").textContent = says(fresh);
          wire();
          receipt = fresh;
        }
        follow(receipt);
      }).catch(() => follow(receipt));
    }, seconds * 1000);
  };
  follow(one("#receipt"));
})();
