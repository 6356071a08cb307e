// Saves a page while one types. Without it every page is saved by its button all the same.
(() => {
  "use strict";
  const person = document.body.dataset.person || "";
  const KINDS = ["consult-unsent:", "consult-own-device:", "consult-keys:", "consult-by-itself:"];
  const [UNSENT, OWN] = KINDS;
  const PATIENCE = 8000;
  const remember = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* storage forbidden */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* storage forbidden */ } },
    // What one person leaves behind; what another typed on this device stays theirs.
    clear(...starts) {
      try {
        Object.keys(localStorage).filter((k) => starts.some((start) => k.startsWith(start)))
          .forEach((k) => localStorage.removeItem(k));
      } catch { /* storage forbidden */ }
    },
  };

  // A page kept by the browser may be shown after signing out: ask the server again.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  const submitted = document.querySelector("[data-clear-unsent]");
  if (submitted) remember.clear(UNSENT + submitted.dataset.clearUnsent);
  const gone = document.querySelector("[data-clear-all]");
  if (gone) remember.clear(...KINDS.map((what) => what + gone.dataset.clearAll));

  const form = document.querySelector("form[data-expert]");
  const status = document.getElementById("autosave");
  const settings = document.getElementById("settings");

  // What is settled once for this device; a script that heeds it reads the box.
  const boxes = settings ? [...settings.querySelectorAll("[data-key]")] : [];
  for (const box of boxes) {
    const stored = remember.get(box.dataset.key + person);
    box.checked = stored ? stored === "yes" : "fromStart" in box.dataset;
    box.addEventListener("change", () => remember.set(box.dataset.key + person, box.checked ? "yes" : "no"));
    box.dispatchEvent(new Event("consult:known", { bubbles: true }));
  }
  if (settings) settings.hidden = false;
  const own = boxes.find((box) => box.dataset.key === OWN);
  own?.addEventListener("change", () => { if (!own.checked) remember.clear(UNSENT + person); });
  if (!form || !status || !own) return;
  const key = UNSENT + person + ":" + location.pathname;
  const address = location.pathname + "/autosave";
  status.hidden = false;

  const typed = (kinds = /^(item|tick)-/) => [...new FormData(form)].filter(([name]) => kinds.test(name));
  // The mark of what is shown in two versions: no choice is made yet.
  const isOpen = (name) => name.startsWith("rev-") && name.replace("rev", "pick") in form.elements;
  const unsent = () => typed(/^(item|tick|rev)-/).map(([name, value]) => [name, isOpen(name) ? "stale:" : value]);
  const clock = () => new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short", hourCycle: "h23" }).format(new Date());
  const say = (word) => {
    // Where there is room the time stands beside; being saved is heard of only when it fails.
    const isWide = window.matchMedia("(min-width: 30rem)").matches;
    const words = word ? status.dataset[word] : "";
    status.setAttribute("aria-live", ["saving", "saved"].includes(word) ? "off" : "polite");
    status.textContent = isWide ? words.replace("{t}", clock()) : words.replace("{t}", "").trim();
    status.dataset.state = word;
  };

  own.addEventListener("change", () => keep());

  let dirty = false;
  let timer = 0;
  let wait = 2000;
  let busy = null;
  let foreign = false;
  let leaving = false;
  // With the marks of what this page had seen: what comes back later must not pass for newer.
  const keep = () => { if (dirty && own.checked) remember.set(key, JSON.stringify(unsent())); };
  const see = (marks) => {
    for (const [name, mark] of Object.entries(marks || {})) {
      const seen = form.elements["rev-" + name];
      if (seen) seen.value = mark;
    }
    keep();
  };

  const save = async () => {
    clearTimeout(timer);
    if (foreign) return;
    if (busy || leaving) { timer = setTimeout(save, 300); return; }
    const sent = JSON.stringify(typed());
    say("saving");
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), PATIENCE);
    try {
      busy = fetch(address, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        credentials: "same-origin",
        redirect: "error",
        headers: { "Consult-Send": "1" },
        signal: stop.signal,
      });
      const answer = await busy;
      if (!answer.headers.has("Consult-Answer") || answer.status >= 500) throw new Error("no answer");
      if (answer.status === 409 && await anothers(answer)) return;
      if (!answer.ok) { say("refused"); return; }
      const told = await answer.json();
      see(told.marks);
      wait = 2000;
      if (told.conflicts.length) { say("conflict"); return; }
      if (sent === JSON.stringify(typed())) stored(); else later(500);
    } catch {
      say("offline");
      retry();
    } finally {
      clearTimeout(limit);
      busy = null;
    }
  };
  const stored = () => {
    dirty = false;
    remember.drop(key);
    say("saved");
    form.dispatchEvent(new Event("consult:saved"));
  };
  // Another person is signed in by now: nothing more is sent by itself, the page keeps what was typed.
  const anothers = async (answer) => {
    const told = await answer.json().catch(() => ({}));
    if (!told.whose) return false;
    foreign = true;
    keep();
    say("foreign");
    status.textContent = told.whose + " " + status.dataset.foreign;
    return true;
  };
  const later = (delay) => { clearTimeout(timer); timer = setTimeout(save, delay); };
  const retry = () => { wait = Math.min(wait * 2, 30000); later(wait); };

  form.addEventListener("input", (event) => {
    if (!/^(item|tick)-/.test(event.target.name || "")) return;
    dirty = true;
    keep();
    later(/^(radio|checkbox|select-one)$/.test(event.target.type) ? 150 : 900);
  });
  window.addEventListener("online", () => { if (dirty) later(0); });
  window.addEventListener("beforeunload", (event) => { if (dirty && !own.checked) event.preventDefault(); });

  // The button sends the same values by hand; wait for a save under way, so that marks agree.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    leaving = !busy;
    if (leaving) return;
    event.preventDefault();
    const button = event.submitter;
    busy.catch(() => {}).finally(() => setTimeout(() => form.requestSubmit(button), 50));
  });
  // Only the server's answer says that nothing is left to save; who typed on meanwhile, has something.
  form.addEventListener("consult:answered", ({ detail }) => {
    leaving = false;
    dirty = detail.isChanged;
    see(detail.marks);
    if (dirty) later(900);
    else if (detail.isTaken) remember.drop(key);
  });
  form.addEventListener("consult:unanswered", () => {
    leaving = false;
    say("offline");
    keep();
    if (dirty) retry();
  });

  const kept = remember.get(key);
  if (kept) {
    const values = new Map();
    for (const [name, value] of JSON.parse(kept)) values.set(name, [...(values.get(name) || []), value]);
    for (const field of form.elements) {
      if (!/^(item|tick|rev)-/.test(field.name) || isOpen(field.name)) continue;
      const known = values.get(field.name) || [];
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = known.includes(field.value);
      else if (values.has(field.name)) [field.value] = known;
      // Words that came back are seen.
      if (field.value && field.matches("textarea") && field.closest("details")) field.closest("details").open = true;
    }
    dirty = true;
    say("restored");
    later(800);
  }
  // One's own version of two is stored nowhere before it is chosen.
  if (form.querySelector("[name^='pick-']")) {
    dirty = true;
    keep();
  }
})();
