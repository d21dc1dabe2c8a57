/* A pledge on its way, or a change of it: <… data-pledge-url="/api/v2/pledges/<id>/" data-state="paid:awaiting_payment">
   asks until its own state or its newest change's has moved, then shows the true page. Without scripts a "Check again" link does the same. */
const box = document.querySelector("[data-pledge-url]");

async function ask(wait) {
  if (!document.hidden) {
    try {
      const headers = { Accept: "application/json" };
      if (box.dataset.pledgeToken) headers.Authorization = `Bearer ${box.dataset.pledgeToken}`;
      const answer = await fetch(box.dataset.pledgeUrl, { headers, cache: "no-store" });
      if (answer.ok) {
        const { state, amendment } = await answer.json();
        if (`${state}:${amendment?.state ?? ""}` !== box.dataset.state) return location.reload();
      }
    } catch {
      /* The network is away: ask again, more slowly. */
    }
  }
  setTimeout(() => ask(Math.min(wait * 1.3, 30000)), wait);
}

if (box?.dataset.pledgeUrl) setTimeout(() => ask(2000), 2000);
