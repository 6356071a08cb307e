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

  const choose = (point) => {
    point.checked = true;
    for (const kind of ["input", "change"]) point.dispatchEvent(new Event(kind, { bubbles: true }));
  };

  // Points: the sum as it grows.
  for (const block of form.querySelectorAll("[data-total]")) {
    const inputs = [...block.querySelectorAll("input")];
    const sum = block.querySelector("[data-sum]");
    block.addEventListener("input", () => {
      sum.textContent = String(inputs.reduce((all, i) => all + (parseInt(i.value, 10) || 0), 0));
    });
  }

  // A ranking: who takes one place gives up the other, and has it back where the new one is passed on
  // at once (arrows go through every option); the last place goes to the last that is left.
  for (const block of form.querySelectorAll("[data-ranking]")) {
    const all = [...block.querySelectorAll("input[type=radio]")];
    const names = [...new Set(all.map((i) => i.name))];
    let passed = { by: "", from: null };
    block.addEventListener("change", (event) => {
      const taken = event.target;
      if (taken.type !== "radio" || !taken.checked) return;
      const isFree = (place) => !all.some((i) => i.checked && i.name === place);
      if (passed.by === taken.name && passed.from && isFree(passed.from.name)) passed.from.checked = true;
      const given = all.find((i) => i !== taken && i.checked && i.value === taken.value);
      if (given) given.checked = false;
      passed = { by: taken.name, from: given || null };
      const chosen = all.filter((i) => i.checked);
      const free = all.filter((i) => !chosen.some((c) => c.name === i.name || c.value === i.value));
      if (free.length === 1 && chosen.length === names.length - 1) choose(free[0]);
    });
    // Tab does not stop at the folded ones, for their groups began above: the fold leads on to them.
    const folded = block.querySelector("details");
    folded?.addEventListener("toggle", () => {
      const place = names.find((name) => !all.some((i) => i.checked && i.name === name));
      const isByKey = folded.contains(document.activeElement);
      if (folded.open && isByKey && place) all.find((i) => i.name === place && folded.contains(i))?.focus();
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
