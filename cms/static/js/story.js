/* Galleries that are stepped through, pictures that are slid over each other. Without it all of them are shown. */

function gallery(figure) {
  const strip = figure.querySelector(".gallery__strip");
  const pictures = [...strip.children];
  const ways = figure.querySelector("[data-gallery-ways]");
  const place = figure.querySelector("[data-gallery-place]");
  const steps = [...figure.querySelectorAll("[data-gallery-step]")];
  if (pictures.length < 2) return;
  ways.hidden = false;

  const current = () => {
    const middle = strip.scrollLeft + strip.clientWidth / 2;
    const distance = (picture) => Math.abs(picture.offsetLeft - strip.offsetLeft + picture.offsetWidth / 2 - middle);
    return pictures.reduce((best, picture, n) => (distance(picture) < distance(pictures[best]) ? n : best), 0);
  };
  const show = () => {
    const now = current();
    place.textContent = place.dataset.of.replace("{n}", now + 1).replace("{all}", pictures.length);
    steps.forEach((step) => {
      const target = now + Number(step.dataset.galleryStep);
      step.disabled = target < 0 || target >= pictures.length;
    });
  };
  const go = (to) => {
    const picture = pictures[Math.max(0, Math.min(pictures.length - 1, to))];
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const left = picture.offsetLeft - strip.offsetLeft - (strip.clientWidth - picture.offsetWidth) / 2;
    strip.scrollTo({ left, behavior: calm ? "auto" : "smooth" });
  };
  steps.forEach((step) => step.addEventListener("click", () => go(current() + Number(step.dataset.galleryStep))));
  strip.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    go(current() + way);
  });
  let waiting = false;
  strip.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      show();
    });
  });
  show();
}

function beforeAfter(figure) {
  const pair = figure.querySelector(".before-after__pair");
  const range = figure.querySelector(".before-after__range");
  const slide = () => pair.style.setProperty("--border", `${range.value}%`);
  figure.classList.add("before-after--live");
  range.hidden = false;
  range.addEventListener("input", slide);
  slide();
}

document.querySelectorAll("[data-gallery]").forEach(gallery);
document.querySelectorAll("[data-before-after]").forEach(beforeAfter);
