/* Live numbers: <… data-funding-url="/api/v2/campaigns/<key>/funding/"> is asked every two seconds while it can be seen.
   The browser's cache does the ETag: an unchanged answer is a 304 without a body. */
import { setServerNow } from "./countdown.js";
import { moneyLike } from "./money.js";

const EVERY = 2000;
const SLOWEST = 60000;

function put(element, text) {
  if (!element || element.textContent === text) return;
  element.textContent = text;
  element.classList.remove("bump");
  requestAnimationFrame(() => element.classList.add("bump"));
}

function show(url, live) {
  const percent = Math.floor((live.raised.amount * 100) / live.goal.amount);
  for (const box of document.querySelectorAll(`[data-funding-url="${CSS.escape(url)}"]`)) {
    box.querySelectorAll("[data-raised]").forEach((element) => {
      if (Number(element.dataset.raised) === live.raised.amount) return;
      element.dataset.raised = live.raised.amount;
      element.dataset.sample ??= element.textContent;
      put(element, moneyLike(element.dataset.sample, live.raised.amount, live.raised.currency));
    });
    box.querySelectorAll("[data-backers]").forEach((element) => put(element, live.backers.toLocaleString("en")));
    box.querySelectorAll("[data-percent]").forEach((element) => put(element, `${percent}%`));
    box.querySelectorAll("[data-sticks]").forEach((bar) => light(bar, percent));
  }
}

function light(bar, percent) {
  bar.setAttribute("aria-valuenow", String(percent));
  if (percent > 100) bar.setAttribute("aria-valuemax", String(percent));
  bar.querySelector("[data-lit]")?.setAttribute("width", String(Math.min(percent, 100)));
  bar.querySelector("[data-over]")?.setAttribute("width", String(Math.max(0, Math.min(percent - 100, 100))));
}

function follow(url, state) {
  let wait = EVERY;
  let timer;
  async function ask() {
    if (document.hidden) return;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-cache" });
      if (!answer.ok) throw new Error(String(answer.status));
      const live = await answer.json();
      setServerNow(live.now);
      show(url, live);
      wait = EVERY;
      if (state && live.state !== state) return location.reload();
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
    }
    timer = setTimeout(ask, wait);
  }
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  });
  timer = setTimeout(ask, EVERY);
}

const followed = new Map();
document.querySelectorAll("[data-funding-url]").forEach((box) => {
  if (box.dataset.fundingUrl) followed.set(box.dataset.fundingUrl, box.dataset.state);
});
followed.forEach((state, url) => follow(url, state));
