"use strict";
(function () {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const list = document.querySelector(".cases"), tools = document.querySelector(".tools");
  const cases = all(".case", list), box = tools.querySelector("input"), shown = tools.querySelector(".shown");
  const words = new Set();
  const text = new Map(cases.map((one) => [one, (one.querySelector("summary, .row").textContent).toLowerCase()]));
  tools.hidden = false;

  function filter() {
    const parts = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const one of cases) {
      const fits = parts.every((part) => text.get(one).includes(part));
      const wanted = !words.size || Array.from(words).some((word) => one.classList.contains(word));
      one.hidden = !(fits && wanted);
      count += one.hidden ? 0 : 1;
    }
    shown.textContent = count === cases.length ? "" : count + " of " + cases.length + " shown";
  }
  box.addEventListener("input", filter);
  tools.addEventListener("submit", (event) => event.preventDefault());

  for (const chip of all(".count[data-word]")) {
    chip.setAttribute("role", "button");
    chip.setAttribute("aria-pressed", "false");
    chip.tabIndex = 0;
    const toggle = () => {
      const word = chip.dataset.word, on = !words.has(word);
      if (on) words.add(word); else words.delete(word);
      chip.setAttribute("aria-pressed", String(on));
      filter();
    };
    chip.addEventListener("click", toggle);
    pressed(chip, toggle);
  }

  const value = {
    name: (one) => one.querySelector(".name").textContent,
    law: (one) => one.querySelector(".law-of").textContent,
    place: (one) => one.querySelector(".place").textContent,
  };
  let by = "", down = false;
  function sort(head) {
    const key = head.dataset.by, read = value[key] || ((one) => Number(one.dataset[key]));
    down = by === key ? !down : false;
    by = key;
    const way = down ? -1 : 1;
    const sorted = cases.map((one) => [read(one), Number(one.dataset.number), one]);
    sorted.sort((a, b) => {
      const order = typeof a[0] === "string" ? a[0].localeCompare(b[0], undefined, { numeric: true }) : compare(a[0], b[0]);
      return order * way || a[1] - b[1];
    });
    list.append(...sorted.map((row) => row[2]));
    for (const other of all(".heads [data-by]")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  }
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  for (const head of all(".heads [data-by]")) {
    head.setAttribute("role", "button");
    head.tabIndex = 0;
    head.addEventListener("click", () => sort(head));
    pressed(head, () => sort(head));
  }
  function pressed(element, act) {
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      act();
    });
  }

  const opened = (on) => all("details.case", list).forEach((one) => { if (!one.hidden) one.open = on; });
  tools.querySelector("[data-act=open]").addEventListener("click", () => opened(true));
  tools.querySelector("[data-act=close]").addEventListener("click", () => opened(false));

  function move(way) {
    const visible = all(".case", list).filter((one) => !one.hidden);
    const here = document.activeElement.closest(".case");
    const place = visible.indexOf(here);
    const next = visible[place < 0 ? 0 : Math.min(Math.max(place + way, 0), visible.length - 1)];
    if (!next) return;
    (next.querySelector("summary") || next).focus();
    next.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === box) {
      if (event.key === "Escape") { box.value = ""; filter(); box.blur(); }
      return;
    }
    if (event.key === "/") { event.preventDefault(); box.focus(); }
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
  });

  if (navigator.clipboard) {
    for (const source of all(".copy")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copier";
      button.textContent = "copy";
      button.addEventListener("click", () => {
        navigator.clipboard.writeText(source.textContent).then(() => { button.textContent = "copied"; });
      });
      source.after(button);
    }
  }

  function meant() {
    const one = location.hash && document.getElementById(location.hash.slice(1));
    const around = one && one.closest("details");
    if (around) { around.open = true; one.scrollIntoView({ block: "nearest" }); }
  }
  window.addEventListener("hashchange", meant);
  meant();
  window.addEventListener("beforeprint", () => opened(true));
})();
