// Sends a form by itself and leaves the page only once the server has answered. Whether there is a
// connection is never asked of the browser. Without this script forms are sent as ever.
(() => {
  "use strict";
  const PATIENCE = 15000;
  const LONGEST = 30000;
  const box = document.getElementById("sending");
  const say = (word) => {
    if (!box) return;
    box.hidden = !word;
    box.textContent = word ? box.dataset[word] : "";
  };

  const go = (address) => {
    const to = new URL(address, location.href);
    const isHere = to.href.split("#")[0] === location.href.split("#")[0];
    if (!isHere) { location.assign(to); return; }
    history.replaceState(null, "", to);
    location.reload();
  };

  // What the server says about a refusal is a page: let the browser ask for it and show it.
  const show = (form, button) => {
    if (button?.name) {
      const pressed = document.createElement("input");
      Object.assign(pressed, { type: "hidden", name: button.name, value: button.value });
      form.append(pressed);
    }
    HTMLFormElement.prototype.submit.call(form);
  };

  const filled = (form) => new URLSearchParams(new FormData(form));

  // Where to go, if what was sent was taken, and the marks of what the page has seen by that.
  const ask = async (form, button) => {
    const body = filled(form);
    if (button?.name) body.append(button.name, button.value);
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(form.getAttribute("action") || location.href, {
        method: "POST", body, credentials: "same-origin", redirect: "error", signal: stop.signal,
        headers: { "Consult-Send": "1" },
      });
      // A network that asks to be paid first answers too, but not with this header.
      if (!answer.headers.has("Consult-Answer") || answer.status >= 500) throw new Error("no answer");
      const to = answer.headers.get("Consult-Location");
      return { to, marks: to !== null && answer.status === 200 ? await answer.json() : null };
    } finally {
      clearTimeout(limit);
    }
  };

  const watch = (form) => {
    const isOnce = form.dataset.send === "once";
    let busy = false;
    let isLeaving = false;
    let wait = 1000;
    let timer = 0;
    const send = async (button) => {
      busy = true;
      clearTimeout(timer);
      const sent = String(filled(form));
      let answer;
      try {
        answer = await ask(form, button);
      } catch {
        busy = false;
        say(isOnce ? "once" : "again");
        form.dispatchEvent(new Event("consult:unanswered"));
        wait = Math.min(wait * 2, LONGEST);
        if (!isOnce) timer = setTimeout(() => form.requestSubmit(button), wait);
        return;
      }
      say("");
      const isTaken = answer.to !== null;
      // What was typed meanwhile is on this page only: it stays, and saves that.
      const isChanged = isTaken && answer.marks !== null && sent !== String(filled(form));
      form.dispatchEvent(new CustomEvent("consult:answered", { detail: { isTaken, isChanged, marks: answer.marks } }));
      if (isChanged) {
        busy = false;
        wait = 1000;
      } else if (isTaken) {
        isLeaving = answer.marks !== null;
        go(answer.to);
      } else show(form, button);
    };
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      if (!busy) send(event.submitter);
    });
    // Somebody who types on does not want to be taken away in the middle of a word.
    form.addEventListener("input", () => {
      clearTimeout(timer);
      if (!isLeaving) return;
      // The next page is still on its way: this one stays, and saves what is typed.
      window.stop();
      isLeaving = busy = false;
      wait = 1000;
    });
    form.addEventListener("consult:saved", () => say(""));
  };
  document.querySelectorAll("form[data-send]").forEach(watch);
})();
