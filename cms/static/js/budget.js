/* In the editor: the sum of a budget while it is typed. The sum that counts is made by the server. */
(() => {
  const digits = { JPY: 0, KWD: 3 };

  function sum(budget) {
    const currency = budget.querySelector("select[name$='-currency']")?.value || "CNY";
    const places = digits[currency] ?? 2;
    let total = 0n;
    let wrong = false;
    for (const input of budget.querySelectorAll("input[name$='-amount']")) {
      const row = input.closest("[data-streamfield-child]");
      if (row && row.querySelector(":scope > input[name$='-deleted']")?.value === "1") continue;
      const text = input.value.trim();
      if (!text) continue;
      const found = /^(\d{1,14})(?:\.(\d*))?$/.exec(text);
      if (!found || (found[2] || "").replace(/0+$/, "").length > places) {
        wrong = true;
        continue;
      }
      total += BigInt(found[1] + (found[2] || "").slice(0, places).padEnd(places, "0"));
    }
    const exact = total.toString().padStart(places + 1, "0");
    const whole = places ? exact.slice(0, -places) : exact;
    const amount = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (places ? `.${exact.slice(-places)}` : "");
    return { text: `${amount} ${currency}`, wrong };
  }

  function show(budget) {
    let line = budget.querySelector(":scope > .kindling-budget__sum");
    if (!line) {
      line = document.createElement("output");
      line.className = "kindling-budget__sum";
      line.setAttribute("aria-live", "polite");
      budget.append(line);
    }
    const words = document.getElementById("kindling-budget-words")?.dataset || {};
    const { text, wrong } = sum(budget);
    const told = `${words.sum || "Sum"}: ${text}${wrong ? ` · ${words.wrong || "one amount can't be read"}` : ""}`;
    if (line.value !== told) line.value = told;
  }

  function all() {
    document.querySelectorAll(".kindling-budget").forEach(show);
  }

  let waiting = 0;
  const soon = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(all);
  };
  document.addEventListener("input", soon);
  document.addEventListener("change", soon);
  /* Blocks come, go and are moved without an event of their own. */
  new MutationObserver((changes) => {
    const own = (node) => node.classList?.contains("kindling-budget__sum");
    if (changes.some((change) => !own(change.target) && ![...change.addedNodes].every(own))) soon();
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["value"] });
  document.addEventListener("DOMContentLoaded", soon);
})();
