// The short list: a press of Keep or Undo changes its row in place; without a script the page loads anew.
(() => {
  "use strict";
  const form = document.querySelector("form[data-listed]");
  if (!form) return;
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || !["keep", "undo"].includes(button.name)) return;
    event.preventDefault();
    const row = button.closest("li");
    const body = new URLSearchParams(new FormData(form, button));
    form.inert = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(row.id);
      if (!answer.ok || !fresh) throw new Error("not the list");
      row.replaceChildren(...fresh.childNodes);
      for (const place of ["#counts", ".bar .where"]) document.querySelector(place).replaceWith(page.querySelector(place));
      form.inert = false;
      row.querySelector("button")?.focus({ preventScroll: true });
    } catch {
      // Whatever came instead is the server's to say: the form is sent as without a script.
      form.inert = false;
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
      form.submit();
    }
  });
})();
