// What scripts add to pages that are complete without them: lighting rows and words, the theme, the menu.
"use strict";

const root = document.documentElement;

function dark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function setUp() {
  const toggle = document.querySelector("[data-theme-toggle]");
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      try { localStorage.setItem("demarche-theme", root.dataset.theme); } catch { /* kept for this page only */ }
      document.dispatchEvent(new CustomEvent("demarche:theme"));
    });
  }
  const menu = document.querySelector("details.menu");
  const wide = matchMedia("(min-width: 62rem)");
  const fit = () => {
    if (menu) menu.open = wide.matches;
    document.querySelectorAll("details[data-wide-open]").forEach((box) => { box.open = wide.matches; });
  };
  fit();
  wide.addEventListener("change", fit);
  document.addEventListener("htmx:after:swap", fit);
}

// A row and its words light each other up.
function lightUp() {
  const article = document.querySelector(".reading");
  if (!article) return;
  let lit = [];
  const words = (value) => (value || "").split(" ").filter(Boolean);
  const byRow = (id) => article.querySelectorAll(`[data-r~="${CSS.escape(id)}"]`);
  const clear = () => { lit.forEach((e) => e.classList.remove("lit")); lit = []; };
  const add = (e) => { e.classList.add("lit"); lit.push(e); };
  const light = (from) => {
    clear();
    const ids = words(from.dataset.lit || from.dataset.r);
    ids.forEach((id) => byRow(id).forEach(add));
    const row = from.dataset.refs === undefined
      ? article.querySelector(`.side-rows [data-r="${CSS.escape(ids[0] || "")}"]`) : from;
    if (row && row.dataset.refs) {
      const sentence = document.getElementById(row.dataset.s);
      const refs = new Set(words(row.dataset.refs));
      article.querySelectorAll(`.text .s`).forEach((s) => {
        if (s !== sentence && s.id) return;
        s.querySelectorAll("[data-a]").forEach((m) => { if (refs.has(m.dataset.a)) add(m); });
      });
    }
  };
  const over = (event) => {
    const from = event.target.closest("[data-r]");
    if (from && article.contains(from)) light(from); else clear();
  };
  article.addEventListener("mouseover", over);
  article.addEventListener("focusin", over);
  article.addEventListener("mouseleave", clear);
}

// Paper is white: what is drawn dark is drawn light for it.
function onPaper() {
  let before;
  addEventListener("beforeprint", () => {
    if (!dark()) return;
    before = root.dataset.theme || "";
    root.dataset.theme = "light";
    document.dispatchEvent(new CustomEvent("demarche:theme"));
  });
  addEventListener("afterprint", () => {
    if (before === undefined) return;
    if (before) root.dataset.theme = before; else delete root.dataset.theme;
    before = undefined;
    document.dispatchEvent(new CustomEvent("demarche:theme"));
  });
}

setUp();
lightUp();
onPaper();

// Choices that show at once.
document.querySelectorAll("form[data-submit-on-change]").forEach((form) => {
  form.addEventListener("change", (event) => { if (event.target.type !== "date" || event.target.value) form.requestSubmit(); });
});

// Long work: its stages as they come, then the result.
document.querySelectorAll("[data-progress]").forEach((node) => {
  const events = new EventSource(node.dataset.progress);
  events.addEventListener("stage", (event) => { node.textContent = event.data; });
  events.addEventListener("done", () => { events.close(); location.reload(); });
  events.onerror = () => { events.close(); setTimeout(() => location.reload(), 2000); };
});
