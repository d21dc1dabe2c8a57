// Copies the value of a field; without scripts or clipboard the field itself can be selected.
document.querySelectorAll("[data-copy-from]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copyFrom).value);
    button.textContent = button.dataset.copied;
  });
});
document.querySelectorAll("[data-select-all]").forEach((field) => {
  field.addEventListener("focus", () => field.select());
});
