// One listener for the whole page: what stands in answers, readers and lists is HTML that comes and goes.
const status = document.createElement("p"); // outlives every answer, so that screen readers hear what changes
status.setAttribute("role", "status");
status.className = "unseen";
document.body.append(status);
const say = (text) => {
  status.textContent = "";
  setTimeout(() => (status.textContent = text), 50);
};

async function copy(button, text) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "✓ " + label;
    say(document.documentElement.lang === "fr" ? "Copié" : "Copied");
    setTimeout(() => (button.textContent = label), 1500);
  } catch {
    window.prompt(label, text); // the browser forbids the clipboard: let the person copy
  }
}

const place = (data) => trigger("select", { place: data.place, expression: data.expression ?? "", beside: data.beside ?? "" });

// Gradio gives the page a base address: a link that is only a query would lead to the English page from the French one.
const here = (link) => location.pathname + new URL(link.href).search;

document.addEventListener("click", (event) => {
  const of = (name) => event.target.closest(`[data-${name}]`);
  let found;
  if ((found = of("copy"))) copy(found, found.dataset.copy);
  else if ((found = of("link"))) copy(found, location.origin + location.pathname + found.dataset.link);
  else if ((found = of("ask"))) trigger("submit", { question: found.dataset.ask });
  else if ((found = of("theme"))) {
    const dark = !document.body.classList.contains("dark");
    localStorage.setItem("basis-theme", dark ? "dark" : "light");
    document.body.classList.toggle("dark", dark);
  } else if ((found = of("language"))) localStorage.setItem("basis-language", found.dataset.language);
  else if ((found = of("place")) && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    history.pushState(null, "", here(found)); // the place has an address of its own, and Back goes back
    place(found.dataset);
  } else if ((found = event.target.closest('a[href^="#"]'))) {
    event.preventDefault();
    const to = document.getElementById(found.getAttribute("href").slice(1));
    to?.scrollIntoView();
    to?.focus({ preventScroll: true });
  }
});

window.addEventListener("popstate", () => {
  const asked = new URLSearchParams(location.search);
  if (asked.get("p")) place({ place: asked.get("p"), expression: asked.get("x"), beside: asked.get("beside") });
  else trigger("select", { place: "" });
});

// What is new is told and comes into view: the verdict of an answer, the marked place in the reader. Views are drawn when
// they are first opened, so the whole page is watched.
const arrivals = [
  ["answer", "h2.question", ".verdict", "start"],
  ["table", ".question", ".question", "start"],
  ["findings", ".checked", ".counts", "start"],
  ["reader", "#here", "h3", "center"],
];
new MutationObserver(() => {
  for (const link of document.querySelectorAll("a.place:not([data-whole])")) {
    link.href = here(link);
    link.dataset.whole = "yes";
  }
  for (const fold of document.querySelectorAll("button.label-wrap")) {
    const open = String(fold.classList.contains("open")); // Gradio's accordion does not say so itself
    if (fold.getAttribute("aria-expanded") !== open) fold.setAttribute("aria-expanded", open);
  }
  for (const [id, wanted, told, block] of arrivals) {
    const found = document.getElementById(id)?.querySelector(wanted);
    if (!found || found.dataset.seen || !found.offsetParent) continue;
    found.dataset.seen = "yes";
    const around = found.closest(".current") ?? document.getElementById(id); // in the reader: the article, not the whole text
    say(around.querySelector(told)?.textContent ?? "");
    setTimeout(() => {
      found.focus({ preventScroll: true });
      found.scrollIntoView({ block });
    }, 80);
  }
}).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["style", "class"] });
