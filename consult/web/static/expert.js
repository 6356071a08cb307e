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
  const asked = (scale) => scale.closest("[data-question]")?.querySelector("legend strong, .ask strong, legend")?.textContent.trim() || "";

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
