// Before the first paint: the theme that this reader chose, if one was chosen.
document.documentElement.classList.add("js");
try {
  const chosen = localStorage.getItem("demarche-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch { /* no storage: the system's theme */ }
