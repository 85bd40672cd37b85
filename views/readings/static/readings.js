"use strict";
// A grade goes on to the next cell, arrows move, and what is typed is saved as a draft; the server says what follows.
(() => {
  const form = document.getElementById("case");
  if (!form) return;
  const saying = Object.fromEntries(["at", "left", "notes", "kept"].map((id) => [id, document.getElementById(id)]));
  const cells = [...form.querySelectorAll("td input, td select")];
  const totals = [...form.querySelectorAll("[data-total]")];
  const WAIT = 350, AGAIN = 3000; // ms
  let due = 0, sending = null, changed = false, stopped = false, leaving = false;

  const words = (cell) => (cell.dataset.words || "").split(" ").filter(Boolean);
  const shade = (cell) => {
    const grades = words(cell).filter((word) => /^\d+$/.test(word)), place = grades.indexOf(cell.value);
    const level = place < 0 ? (cell.value === "n/a" ? "n/a" : "") : Math.ceil((4 * place) / Math.max(grades.length - 1, 1));
    cell.dataset.shade = String(level);
  };
  const go = (cell) => { if (cell) { cell.focus(); if (cell.select) cell.select(); } return Boolean(cell); };
  const beside = (cell, step) => cells[cells.indexOf(cell) + step];
  const onwards = (cell) => {
    let next = beside(cell, 1);
    while (next && next.parentElement.classList.contains("gone")) next = beside(next, 1);
    return go(next || document.getElementById("submit"));
  };
  const lines = [...new Set(cells.map((cell) => cell.closest("tr")))];
  const vertical = (cell, step) => {
    const at = cell.parentElement.cellIndex;
    for (let place = lines.indexOf(cell.closest("tr")) + step; lines[place]; place += step) {
      const there = lines[place].cells[at] && lines[place].cells[at].querySelector("input, select");
      if (there) return go(there);
    }
    return false;
  };

  const say = (text, lost) => { saying.kept.textContent = text; saying.kept.classList.toggle("lost", Boolean(lost)); };
  const show = (told) => {
    saying.left.textContent = told.left;
    saying.notes.replaceChildren(...told.notes.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    told.totals.flat().forEach((text, place) => { if (totals[place]) totals[place].textContent = text; });
    const gone = new Set(told.excluded);
    for (const cell of cells) {
      const wrong = told.marks[cell.name];
      cell.parentElement.classList.toggle("gone", gone.has(cell.name));
      if (wrong) { cell.setAttribute("aria-invalid", "true"); cell.title = wrong; }
      else { cell.removeAttribute("aria-invalid"); cell.removeAttribute("title"); }
    }
  };
  const save = async () => {
    if (stopped || leaving || sending) return;
    changed = false;
    const body = new URLSearchParams(new FormData(form));
    sending = fetch(`${form.action}/draft`, { method: "POST", body, redirect: "error" });
    try {
      const answer = await sending;
      const isTold = (answer.headers.get("content-type") || "").startsWith("application/json");
      const told = isTold ? await answer.json() : { title: "Not saved", says: "", do: "" };
      if (answer.ok) {
        form.elements.revision.value = told.revision;
        show(told);
        say(changed ? "" : "draft saved");
      } else if (answer.status >= 500 || answer.status === 401) { // after a day the link is opened anew, in another tab
        changed = true;
        say(`${[`Not saved. ${told.title}`, told.says, told.do].filter(Boolean).join("; ")}. Trying again; leave this window open.`, true);
        later(AGAIN);
      } else {
        stopped = true;
        saying.left.textContent = "";
        say(`Not saved. ${told.title}: ${[told.says, told.do].filter(Boolean).join("; ")}.`, true);
        if (told.revision !== undefined) offer(told.revision);
      }
    } catch {
      changed = true;
      say("Not saved: no connection. Trying again; leave this window open.", true);
      later(AGAIN);
    } finally {
      sending = null;
      if (changed && !stopped) later(WAIT);
    }
  };
  const offer = (revision) => {
    const keep = Object.assign(document.createElement("button"), { type: "button", textContent: "Keep what this window holds" });
    const other = Object.assign(document.createElement("a"), { href: form.action, textContent: "Open what the other one saved" });
    keep.addEventListener("click", () => { form.elements.revision.value = revision; stopped = false; save(); });
    saying.kept.append(" ", keep, " ", other);
  };
  const later = (wait) => { clearTimeout(due); due = setTimeout(save, wait); };
  const touched = (cell) => { if (cell.dataset.words) shade(cell); changed = true; later(WAIT); };

  form.addEventListener("focusin", ({ target }) => {
    if (!cells.includes(target)) return; // what is said stays, so that no button moves away under a click
    saying.at.textContent = target.getAttribute("aria-label") + (target.dataset.told ? ` · ${target.dataset.told}` : "");
    if (target.dataset.words) target.select();
  });
  form.addEventListener("input", ({ target }) => {
    if (!cells.includes(target)) return;
    if (target.dataset.words) {
      const said = target.value.trim().toLowerCase(), all = words(target);
      if (said === "n" && all.includes("n/a")) target.value = "n/a";
      touched(target);
      const whole = all.includes(target.value), more = all.some((word) => word !== target.value && word.startsWith(target.value));
      if (whole && !more) onwards(target);
    } else touched(target);
  });
  form.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!cells.includes(target)) return;
    if (key === "Enter" && event.ctrlKey) { event.preventDefault(); go(document.getElementById("submit")); return; }
    if (event.ctrlKey || event.altKey || event.metaKey || target.tagName === "SELECT") return;
    if (key === "Enter") { event.preventDefault(); onwards(target); return; }
    if (!target.dataset.words) return;
    const moves = { ArrowLeft: () => go(beside(target, -1)), ArrowRight: () => go(beside(target, 1)), ArrowUp: () => vertical(target, -1), ArrowDown: () => vertical(target, 1) };
    if (moves[key]) { event.preventDefault(); moves[key](); }
    else if (key === "Backspace" && !target.value) { event.preventDefault(); go(beside(target, -1)); }
  });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(due); });
  window.addEventListener("online", () => { if (changed) save(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("beforeunload", (event) => { if (changed && !leaving) event.preventDefault(); });
  const more = form.querySelector("tbody.more");
  if (more) {
    const open = Object.assign(document.createElement("button"), { type: "button", textContent: "More rows" });
    more.hidden = true;
    more.closest(".grid").after(open);
    open.addEventListener("click", () => { more.hidden = false; open.remove(); go(more.querySelector("select, input")); });
  }
  const isOpen = (cell) => !cell.value && !cell.parentElement.classList.contains("gone");
  go(cells.find((cell) => cell.hasAttribute("aria-invalid")) || cells.find(isOpen));
})();
