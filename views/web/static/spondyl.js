// Tables are sorted by their headings, and marks of charts are told by pointer and by keyboard. All works without.
"use strict";

const number = (text) => {
  const plain = text.replace(/,/g, "").replace("−", "-").match(/^[<>~@]?\s*(-?\d+(\.\d+)?)/);
  return plain ? Number(plain[1]) : null;
};

const compared = (one, other) => {
  if (one === "–" || other === "–") return (one === "–") - (other === "–");
  const days = /^\d{4}(-\d{2}){0,2}/;
  const [a, b] = [number(one), number(other)];
  if (a !== null && b !== null && !(days.test(one) && days.test(other))) return a - b;
  return one.localeCompare(other, "en", { numeric: true });
};

function sortable(table) {
  const body = table.tBodies[0];
  if (!body || body.rows.length < 2 || body.querySelector(".above")) return;
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    if (!heading.textContent.trim()) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      const said = (row) => row.cells[column].textContent.trim();
      const sign = (one, other) => said(one) !== "–" && said(other) !== "–" && down ? -1 : 1;
      body.append(...[...body.rows].sort((one, other) => sign(one, other) * compared(said(one), said(other))));
    });
  });
}

function told(chart) {
  const marks = [...chart.querySelectorAll("svg g, svg [data-reference]")].filter((each) => each.querySelector(":scope > title"));
  if (!marks.length) return;
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("role", "status");
  document.body.append(tip);
  let place = -1;
  const show = (mark) => {
    tip.textContent = mark.querySelector(":scope > title").textContent;
    tip.hidden = false;
    const box = mark.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${box.top - tip.offsetHeight - 6 > 0 ? box.top - tip.offsetHeight - 6 : box.bottom + 6}px`;
  };
  const hide = () => { tip.hidden = true; };
  chart.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") hide();
    if (!step) return;
    event.preventDefault();
    place = (place + step + marks.length) % marks.length;
    marks[place].scrollIntoView({ block: "nearest", inline: "nearest" });
    show(marks[place]);
  });
  chart.addEventListener("blur", hide);
}

document.querySelectorAll("table.figures").forEach(sortable);
document.querySelectorAll(".chart-frame").forEach(told);
