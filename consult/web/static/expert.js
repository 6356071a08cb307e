// Comfort for pages of questions; every page works without it.
(() => {
  "use strict";
  const form = document.querySelector("form[data-expert]");
  if (!form) return;

  // Characters: how many are used, said aloud only when room runs out.
  const said = document.getElementById("said");
  for (const field of form.querySelectorAll("[data-max]")) {
    const count = document.getElementById(field.id + "-count");
    const max = Number(field.dataset.max);
    const show = () => {
      // As the server counts: characters, not halves of an emoji, without the space around.
      const used = [...field.value.trim()].length;
      count.textContent = count.dataset.pattern.replace("{n}", String(used));
      count.classList.toggle("over", used > max);
      if (said && used >= max && used % 10 === 0) said.textContent = count.textContent;
    };
    field.addEventListener("input", show);
    if (field.value) show();
  }

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
    if (isAsked) why.open = true;
    else if (!why.querySelector("textarea").value) why.open = false;
  };

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
  if (questions.length) form.append(hiddenInput("reason_asked", "yes"));

  // Points: the sum as it grows.
  for (const block of form.querySelectorAll("[data-total]")) {
    const inputs = [...block.querySelectorAll("input")];
    const sum = block.querySelector("[data-sum]");
    block.addEventListener("input", () => {
      sum.textContent = String(inputs.reduce((all, i) => all + (parseInt(i.value, 10) || 0), 0));
    });
  }

  // "None of these" unticks the others, and they untick it.
  form.addEventListener("change", (event) => {
    const box = event.target;
    if (box.type !== "checkbox" || !box.checked) return;
    const exclusive = "exclusive" in box.dataset;
    for (const other of form.querySelectorAll("input[type=checkbox]")) {
      if (other === box || other.name !== box.name) continue;
      if (exclusive || "exclusive" in other.dataset) other.checked = false;
    }
  });

  const settled = (key) => document.querySelector(`#settings [data-key="${key}"]`);

  // After the last tap of a measure: never by keyboard or screen reader, nor with a reason being written.
  if ("byItself" in form.dataset && questions.length) {
    const box = settled("consult-by-itself:");
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

  // Digit keys and Enter, where there is a keyboard; they can be switched off.
  const keys = document.getElementById("keys");
  const scales = [...form.querySelectorAll("[data-scale]")];
  if (!keys || !scales.length || !window.matchMedia("(hover: hover) and (pointer: fine)").matches) return;
  const switched = settled("consult-keys:");
  const show = () => { keys.hidden = !switched?.checked; };
  for (const when of ["change", "consult:known"]) switched?.addEventListener(when, show);

  const group = (scale) => [...form.querySelectorAll("input[type=radio]")]
    .filter((i) => i.name === scale.querySelector("input").name);
  const isAnswered = (scale) => group(scale).some((i) => i.checked);
  const asked = (scale) => scale.closest("[data-question]")?.querySelector("legend")?.textContent.trim() || "";

  const rate = (digit) => {
    const active = document.activeElement;
    const focused = scales.find((s) => s.closest("[data-question]")?.contains(active));
    const scale = focused || scales.find((s) => !isAnswered(s));
    const point = scale && [...scale.querySelectorAll("input")].find((i) => i.value === digit);
    if (!point) return false;
    choose(point);
    if (focused) point.focus();
    else {
      scale.scrollIntoView({ block: "nearest" });
      said.textContent = `${asked(scale)} ${digit}`;
    }
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (!switched?.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    const target = event.target;
    const isTyping = target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (isTyping) return;
    if (/^[1-9]$/.test(event.key)) {
      if (rate(event.key)) event.preventDefault();
    } else if (event.key === "Enter" && !target.closest("a, button, summary, input")) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button.primary:not([hidden])"));
    }
  });
})();
