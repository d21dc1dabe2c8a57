/* Ticks on the server's clock: the reader's own clock only measures how long the page has been open.
   <time data-countdown data-now="…" data-deadline="…" data-days="{n} days left" data-hours="{h} h {m} min {s} s left"
   data-closing="…">; the server's text stands until the first tick. */
const DAY = 86400;
const clocks = [...document.querySelectorAll("[data-countdown]")];
let offset = clocks.length ? Date.parse(clocks[0].dataset.now) - performance.now() : 0;

/** Called by the live numbers: every answer brings the server's present. */
export function setServerNow(iso) {
  const now = Date.parse(iso);
  if (!Number.isNaN(now)) offset = now - performance.now();
}

function wording(clock, seconds) {
  if (seconds <= 0) return clock.dataset.closing;
  if (seconds >= 2 * DAY) return clock.dataset.days.replace("{n}", Math.floor(seconds / DAY));
  const pad = (value) => String(value).padStart(2, "0");
  return clock.dataset.hours
    .replace("{h}", Math.floor(seconds / 3600))
    .replace("{m}", pad(Math.floor((seconds % 3600) / 60)))
    .replace("{s}", pad(Math.floor(seconds % 60)));
}

function tick() {
  const now = performance.now() + offset;
  for (const clock of clocks) {
    const text = wording(clock, (Date.parse(clock.dataset.deadline) - now) / 1000);
    if (text && clock.textContent !== text) clock.textContent = text;
  }
}

if (clocks.length) {
  tick();
  setInterval(tick, 1000);
}
