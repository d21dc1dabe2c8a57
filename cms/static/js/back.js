/* The running total of the back-this form. The server computes the amount that counts; this only shows it early.
   Form: data-back-form data-currency. Rewards: data-reward data-price (minor units) data-shipping='{"CN": 0, "*": 1500}'.
   Inside: input[data-quantity]. Extra amount: input[data-extra] (major units). Country: select[data-country].
   Shown in: [data-total]; [data-shipping-note] stands beside it while something would ship and no country is chosen. */
import { exponentOf, moneyLike } from "./money.js";

function minorUnits(text, currency) {
  const value = Number(String(text).replace(/[,\s]/g, ""));
  return Number.isFinite(value) && value > 0 ? Math.round(value * 10 ** exponentOf(currency)) : 0;
}

function shippingOf(reward, country) {
  if (!country) return 0;
  const table = reward.dataset.shipping ? JSON.parse(reward.dataset.shipping) : {};
  return Number(table[country] ?? table["*"] ?? 0);
}

function totalOf(form) {
  let undecided = false;
  const country = form.querySelector("[data-country]")?.value ?? "";
  let total = minorUnits(form.querySelector("[data-extra]")?.value ?? "", form.dataset.currency);
  for (const reward of form.querySelectorAll("[data-reward]")) {
    const quantity = Math.max(0, Math.trunc(Number(reward.querySelector("[data-quantity]")?.value) || 0));
    reward.classList.toggle("reward--chosen", quantity > 0);
    if (quantity > 0 && reward.dataset.shipping && !country) undecided = true;
    total += quantity * (Number(reward.dataset.price) + shippingOf(reward, country));
  }
  return { total, undecided };
}

/* A change of a paid pledge: data-paid has what was paid, in minor units. What was confirmed no longer holds once
   something else is chosen. */
function showDifference(form, total, sample) {
  if (!form.dataset.paid) return;
  const difference = total - Number(form.dataset.paid);
  for (const [name, amount] of [["[data-to-pay]", difference], ["[data-to-return]", -difference]]) {
    form.querySelectorAll(name).forEach((line) => {
      line.hidden = amount <= 0;
      line.querySelector(".num").textContent = moneyLike(sample, Math.max(0, amount), form.dataset.currency);
    });
  }
}

function wireStepper(input, step) {
  step.hidden = false;
  step.addEventListener("click", () => {
    if (Number(step.dataset.step) > 0) input.stepUp();
    else input.stepDown();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/* What was chosen and typed stays with the tab: on the way back from the checkout, or from a form that was refused, it
   stands there again. With it comes the form's key, so that the same choice leads to the same pledge. */
const kept = (form) => `form:${form.getAttribute("action")}`;

function keep(form) {
  const values = [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "version", "action"].includes(name));
  try {
    sessionStorage.setItem(kept(form), JSON.stringify(values));
  } catch {
    /* Storage is refused: the form is empty on the way back. */
  }
}

function bringBack(form) {
  const [visit] = performance.getEntriesByType("navigation");
  if (!["back_forward", "reload"].includes(visit?.type) || form.querySelector(".alert--form")) return;
  try {
    const values = JSON.parse(sessionStorage.getItem(kept(form)) ?? "[]");
    for (const box of values.length ? form.querySelectorAll("[type=checkbox]") : []) box.checked = false;
    for (const [name, value] of values) {
      const field = form.elements.namedItem(name);
      if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = value;
    }
  } catch {
    /* Storage is refused, or holds something else. */
  }
}

document.querySelectorAll("[data-back-form]").forEach((form) => {
  bringBack(form);
  form.querySelectorAll("[data-review]").forEach((button) => (button.hidden = true));
  form.querySelectorAll("[data-quantity]").forEach((input) => {
    input.parentElement.querySelectorAll("[data-step]").forEach((step) => wireStepper(input, step));
  });
  const show = () => {
    const { total, undecided } = totalOf(form);
    form.querySelectorAll("[data-shipping-note]").forEach((note) => (note.hidden = !undecided));
    form.querySelectorAll("[data-total]").forEach((output) => {
      output.dataset.sample ??= output.textContent;
      output.textContent = moneyLike(output.dataset.sample, total, form.dataset.currency);
      showDifference(form, total, output.dataset.sample);
    });
  };
  const revise = () => form.querySelectorAll("[data-confirm]").forEach((button) => (button.hidden = true));
  form.addEventListener("input", revise);
  form.addEventListener("change", revise);
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("focusin", ({ target }) => {
    /* Browsers bring only the caret of a tall field into sight, and the bar may cover the rest. */
    if (!target.closest(".bar")) target.scrollIntoView({ block: "nearest" });
  });
  form.addEventListener("submit", () => {
    keep(form);
    /* A second click sends nothing; the key in the form would make it harmless anyway. */
    setTimeout(() => form.querySelectorAll("[data-pay]").forEach((button) => (button.disabled = true)), 0);
  });
  addEventListener("pageshow", () => {
    form.querySelectorAll("[data-pay]").forEach((button) => (button.disabled = false));
    show();
  });
});
