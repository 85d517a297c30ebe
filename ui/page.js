// Runs once for the answer area: copy buttons, also in answers that come later.
element.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "✓";
  } catch {
    window.prompt(label, button.dataset.copy); // the browser forbids the clipboard: let the person copy
  }
  setTimeout(() => (button.textContent = label), 1500);
});

// On a narrow screen the answer stands below the question: bring it into view when it changes.
watch("value", () => {
  if (props.value && window.matchMedia("(max-width: 760px)").matches) element.scrollIntoView({ behavior: "smooth" });
});
