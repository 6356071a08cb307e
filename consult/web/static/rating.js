// Comfort for the page of a measure; it works without.
(() => {
  "use strict";
  const form = document.querySelector("form[data-expert]");
  if (!form) return;
  const hiddenInput = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });
  const choose = (point) => {
    point.checked = true;
    for (const kind of ["input", "change"]) point.dispatchEvent(new Event(kind, { bubbles: true }));
  };

  const questions = [...form.querySelectorAll("fieldset.criterion")];
  const answerOf = (question) => question.querySelector("input[type=radio]:checked");

  // A reason is asked for at the tap, where this rating differs or moved, with the case it is.
  const ask = (question) => {
    const why = question.querySelector("[data-why]");
    if (!why) return;
    const rating = answerOf(question)?.value;
    let isAsked = false;
    for (const sentence of why.querySelectorAll("[data-for]")) {
      sentence.hidden = !sentence.dataset.for.split(" ").includes(rating);
      isAsked ||= !sentence.hidden;
    }
    const asks = why.querySelector("[data-of]");
    if (asks) {
      asks.dataset.own ??= asks.textContent;
      asks.textContent = !rating || rating === asks.dataset.of ? asks.dataset.own : asks.dataset.other;
    }
    // What was opened by hand stays open; what was opened to ask closes with the question.
    const isOurs = why.dataset.why === "asked" && !why.querySelector("textarea").value;
    const isNew = isAsked && !why.open;
    if (isNew) why.dataset.why = "asked";
    if (isAsked || isOurs) why.open = isAsked;
    if (isNew) why.scrollIntoView({ block: "nearest" });
  };

  // Who opens "Can't say" by key goes on among its answers.
  for (const cannot of form.querySelectorAll("details.cannot")) {
    cannot.addEventListener("toggle", () => {
      if (cannot.open && cannot.contains(document.activeElement)) cannot.querySelector("input").focus();
    });
  }

  // What played a part is asked where a rating changed, and of a kept one when it is its turn.
  const played = form.querySelector("details.played");
  const tellPlayed = () => {
    if (!played) return;
    const pairs = questions.map((question) =>
      [answerOf(question)?.value, question.querySelector("button[name=keep]")?.dataset.kept]);
    const hasChanged = pairs.some(([now, then]) => now && then && now !== then);
    const hasStayed = "stayed" in played.dataset && pairs.every(([now, then]) => !now || now === then);
    if (hasChanged && played.hidden) played.open = true;
    played.hidden = !hasChanged && !hasStayed && !played.querySelector(":checked");
  };
  form.addEventListener("change", tellPlayed);
  tellPlayed();

  // "Keep" chooses on the page; without a script the button does it by loading anew.
  const keepAll = form.querySelector("button[name=go][value=keep]");
  const save = form.querySelector(".go button[name=go][value=next]");
  const wording = keepAll?.textContent;
  const label = () => {
    if (!keepAll) return;
    const answered = questions.filter(answerOf).length;
    const isWhole = answered === questions.length;
    keepAll.hidden = isWhole;
    save.hidden = !isWhole;
    save.className = "primary";
    keepAll.textContent = answered ? keepAll.dataset.rest : wording;
  };
  for (const question of questions) {
    const keep = question.querySelector("button[name=keep]");
    const point = keep && [...question.querySelectorAll("input[type=radio]")].find((i) => i.value === keep.dataset.kept);
    const tell = () => {
      keep?.setAttribute("aria-pressed", String(Boolean(point?.checked)));
      label();
    };
    question.addEventListener("change", (event) => {
      if (event.target.type !== "radio") return;
      tell();
      ask(question);
    });
    keep?.addEventListener("click", (event) => { event.preventDefault(); choose(point); });
    tell();
  }
  // What asked for a reason here need not be asked again by the server.
  if (questions.length) form.addEventListener("formdata", (event) => event.formData.set("reason_asked", "yes"));

  // After the last tap of a measure: never by keyboard or screen reader, nor with a reason being written.
  if ("byItself" in form.dataset && questions.length) {
    const box = document.querySelector("#settings [data-key='consult-by-itself:']");
    let byHand = false;
    form.addEventListener("pointerup", () => { byHand = true; setTimeout(() => { byHand = false; }, 400); });
    const wasWhole = questions.every(answerOf);
    form.addEventListener("change", (event) => {
      const isWriting = form.querySelector("details.why[open], details.whole[open]");
      if (!box?.checked || !byHand || wasWhole || event.target.type !== "radio" || isWriting) return;
      if (!questions.every(answerOf)) return;
      form.append(hiddenInput("auto", "yes"));
      setTimeout(() => form.requestSubmit(save), 250);
    });
  }
})();
