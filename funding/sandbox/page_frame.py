"""The frame and the style that all pages of the local Stripe share: phone first, light and dark, no script."""

from html import escape
from typing import Final

STYLE: Final = """
:root { color-scheme: light dark; --paper:#FBF8F3; --card:#FFFDF9; --ink:#1E1A15; --muted:#6B6257; --line:#E6DFD3;
  --ember:#B8420F; --on-ember:#FFFFFF; --moss:#2F6B4F; --amber:#8A5A00; --brick:#A3232B; --wash:#F6EDDD; }
@media (prefers-color-scheme: dark) { :root { --paper:#15130F; --card:#1D1A15; --ink:#F1EBE1; --muted:#A79D8F;
  --line:#2E2A24; --ember:#FF8A4C; --on-ember:#15130F; --moss:#7CC4A0; --amber:#F0B64A; --brick:#FF8B8B;
  --wash:#2A2419; } }
* { box-sizing: border-box; }
body { margin:0; background:var(--paper); color:var(--ink); line-height:1.6;
  font:400 17px/1.6 system-ui,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif; }
:lang(zh) { line-height:1.75; }
.banner { background:var(--wash); color:var(--amber); text-align:center; padding:.4rem 1rem;
  font-size:.85rem; font-weight:600; }
main { max-width:30rem; margin:0 auto; padding:1.25rem 1.25rem 3rem; }
main.wide { max-width:72rem; }
h1 { font:600 1.5rem/1.25 "Iowan Old Style","Palatino Linotype","Source Han Serif SC","Noto Serif CJK SC",
  "Songti SC",serif; margin:.5rem 0 1rem; }
h2 { font-size:1.05rem; margin:2rem 0 .6rem; }
.total { font:600 2.2rem/1.2 "Iowan Old Style","Palatino Linotype",serif; margin:.2rem 0 1rem; }
.total, td, .sum { font-variant-numeric: tabular-nums; }
.lines { list-style:none; margin:0 0 1.5rem; padding:0; border-top:1px solid var(--line); }
.lines li { display:flex; justify-content:space-between; gap:1rem; padding:.6rem 0;
  border-bottom:1px solid var(--line); }
.sum { white-space:nowrap; }
small, .muted { color:var(--muted); font-size:.85rem; }
fieldset { border:0; margin:0 0 1rem; padding:0; }
legend, label.field { font-weight:600; font-size:.92rem; padding:0; }
.method { display:flex; align-items:center; gap:.75rem; padding:.85rem 1rem; background:var(--card); cursor:pointer;
  border:1px solid var(--line); margin-top:-1px; }
.method:first-of-type { border-radius:.6rem .6rem 0 0; margin-top:.5rem; }
.method:last-of-type { border-radius:0 0 .6rem .6rem; }
.method:only-of-type { border-radius:.6rem; }
.method:has(input:checked) { border-color:var(--ember); position:relative; }
input[type=radio] { accent-color:var(--ember); width:1.1rem; height:1.1rem; margin:0; }
.card-fields { display:grid; grid-template-columns:1fr 1fr; gap:.75rem; margin:1rem 0; }
.card-fields .whole { grid-column:1 / -1; }
form:has(input[name=method]):not(:has(input[value=card]:checked)) .card-fields { display:none; }
label.field { display:block; }
label.field input, label.field select { display:block; width:100%; margin-top:.25rem; padding:.7rem .8rem; font:inherit;
  font-weight:400; color:inherit; background:var(--card); border:1px solid var(--line); border-radius:.5rem; }
button, .button { display:inline-block; border:1px solid transparent; border-radius:.6rem;
  padding:.8rem 1.2rem; font:inherit; font-weight:600; background:var(--ember); color:var(--on-ember); cursor:pointer;
  text-decoration:none;
  text-align:center; }
main:not(.wide) button, main:not(.wide) .button { width:100%; margin-top:.75rem; }
button.quiet { background:transparent; color:var(--ink); border-color:var(--line); }
button.small { padding:.25rem .6rem; font-size:.85rem; }
:focus-visible { outline:3px solid var(--ember); outline-offset:2px; }
a { color:inherit; }
.back { display:block; text-align:center; margin-top:1.25rem; color:var(--muted); }
.error { border-left:4px solid var(--brick); background:var(--card); color:var(--brick); padding:.75rem 1rem;
  margin:0 0 1.25rem; }
.qr { display:block; width:14rem; height:14rem; margin:1.25rem auto; background:#fff; padding:.75rem;
  border-radius:.6rem; }
.scroll { overflow-x:auto; }
table { border-collapse:collapse; width:100%; font-size:.9rem; }
th, td { text-align:left; padding:.4rem .6rem; border-bottom:1px solid var(--line); vertical-align:top; }
.aside { float:right; margin:0; }
.contents { display:flex; flex-wrap:wrap; gap:.35rem 1.1rem; padding:.75rem 0; border-block:1px solid var(--line);
  font-size:.92rem; }
section { scroll-margin-top:1rem; }
code { font:400 .8rem/1.4 ui-monospace,"Noto Sans Mono CJK SC",monospace; white-space:nowrap; }
td button.quiet { border-color:var(--muted); white-space:nowrap; }
.actions { display:flex; flex-wrap:wrap; gap:.4rem; align-items:center; justify-content:flex-end; }
td:last-child:has(form) { text-align:right; }
details summary { cursor:pointer; padding:.4rem 0; }
form.inline { display:inline-flex; gap:.4rem; flex-wrap:wrap; align-items:end; }
form.inline input, form.inline select { font:inherit; padding:.3rem .5rem; color:inherit; background:var(--card);
  border:1px solid var(--line); border-radius:.4rem; max-width:14rem; }
"""


def frame(*, title: str, body: str, banner: str, lang: str = "en", wide: bool = False, testid: str) -> str:
    """A whole page; `body` is HTML already, the rest is escaped here."""
    return (
        f'<!doctype html><html lang="{escape(lang)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        # An icon of nothing: a browser would ask for one that isn't there.
        '<link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        f'<p class="banner" data-testid="test-banner" style="margin:0">{escape(banner)}</p>'
        f'<main class="{"wide" if wide else ""}" data-testid="{escape(testid)}">{body}</main></body></html>'
    )
