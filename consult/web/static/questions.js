// Comfort for questions that are no ratings: points, rankings, boxes to tick; every page works without it.
(() => {
  "use strict";
  const form = document.querySelector("form[data-expert]");
  if (!form) return;
  const said = document.getElementById("said");

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
      const emptied = given && block.dataset.places.split("|")[names.indexOf(given.name)];
      if (emptied && said) said.textContent = block.dataset.emptied.replace("{p}", emptied);
      const chosen = all.filter((i) => i.checked);
      const free = all.filter((i) => !chosen.some((c) => c.name === i.name || c.value === i.value));
      if (free.length === 1 && chosen.length === names.length - 1) free[0].click();
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
})();
