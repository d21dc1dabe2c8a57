"""Translations without the system's gettext: `python -m scripts.messages extract|merge|check|compile`.

The English text is the msgid. Chinese stands in `cms/locale/zh_Hans/LC_MESSAGES/django.po`; files in
`cms/locale/parts/` count as well until `merge` folds them in. An entry that no code uses is dropped by `merge`
unless its comment says `override`: such entries correct a text of Django, Wagtail or allauth.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ["cms", "campaigns", "funding", "home", "search"]
LOCALE = ROOT / "cms" / "locale"
CATALOGUE = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"
PARTS = LOCALE / "parts"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(["_", "_now", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
METADATA = {
    "Project-Id-Version": "Kindling",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
Key = tuple[str | None, str]


def sources() -> Iterator[Path]:
    """Every file whose text people may read."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not {"migrations", "sandbox"} & set(path.parts):
                yield path
        yield from _templates(ROOT / package)
    yield from _templates(ROOT / "templates")


def _templates(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".txt"} and "static" not in path.parts)


def extracted() -> dict[Key, polib.POEntry]:
    """All msgids of the code and the templates, with the files they stand in."""
    found: dict[Key, polib.POEntry] = {}
    for path in sources():
        name = str(path.relative_to(ROOT))
        for _line, message, _comments, context in extract("python", io.BytesIO(_code(path)), keywords=KEYWORDS):
            single, plural = message if isinstance(message, tuple) else (message, "")
            if not single:
                continue
            entry = found.setdefault((context, single), polib.POEntry(msgctxt=context, msgid=single))
            entry.msgid_plural = entry.msgid_plural or plural
            if (name, "") not in entry.occurrences:
                entry.occurrences.append((name, ""))
    return found


def _code(path: Path) -> bytes:
    if path.suffix == ".py":
        return path.read_bytes()
    from django.utils.translation.template import templatize

    # Its output is fragments of Python among blanks; indentation would confuse the tokenizer.
    lines = templatize(path.read_text(), origin=str(path)).splitlines()
    return "\n".join(line.lstrip() for line in lines).encode()


def translated() -> dict[Key, polib.POEntry]:
    """What has been translated; parts count before the one catalogue."""
    found: dict[Key, polib.POEntry] = {}
    for path in [*sorted(PARTS.glob("*.po")), CATALOGUE]:
        if path.exists():
            for entry in polib.pofile(str(path)):
                if not entry.obsolete:
                    found.setdefault((entry.msgctxt, entry.msgid), entry)
    return found


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _problems(wanted: polib.POEntry, entry: polib.POEntry | None) -> Iterator[str]:
    where = wanted.occurrences[0][0]
    if entry is None or not all(_texts(entry)) or not _texts(entry):
        yield f"{where}: no Chinese for {wanted.msgid!r}"
        return
    if entry.fuzzy:
        yield f"{where}: only a guess (fuzzy) for {wanted.msgid!r}"
    if bool(wanted.msgid_plural) != bool(entry.msgid_plural):
        yield f"{where}: a plural here but not there: {wanted.msgid!r}"
    allowed = {frozenset(PLACEHOLDER.findall(text)) for text in (wanted.msgid, wanted.msgid_plural) if text}
    if any(frozenset(PLACEHOLDER.findall(text)) not in allowed for text in _texts(entry)):
        yield f"{where}: other placeholders in the Chinese of {wanted.msgid!r}"


def check() -> list[str]:
    """What is not translated, or wrongly: one line each."""
    known = translated()
    return [line for key, wanted in extracted().items() for line in _problems(wanted, known.get(key))]


def merge() -> None:
    """Rewrite the one catalogue from the code and all translations, and remove the parts."""
    known = translated()
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = METADATA
    for key, entry in extracted().items():
        if key in known:
            entry.msgstr, entry.msgstr_plural = known[key].msgstr, known[key].msgstr_plural
            entry.tcomment, entry.flags = known[key].tcomment, known[key].flags
        elif entry.msgid_plural:
            entry.msgstr_plural = {0: ""}
        catalogue.append(entry)
    kept = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    for key, entry in known.items():
        if key not in kept and "override" in entry.tcomment:
            catalogue.append(entry)
        elif key not in kept:
            sys.stdout.write(f"dropped, no code uses it: {entry.msgid!r}\n")
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    for path in PARTS.glob("*.po"):
        path.unlink()


def compile_catalogue() -> None:
    """Write django.mo, which Django reads, unless it is newer than all that it is made of."""
    target = CATALOGUE.with_suffix(".mo")
    made_of = [path for path in [CATALOGUE, *PARTS.glob("*.po"), PARTS] if path.exists()]
    if not made_of or (target.exists() and target.stat().st_mtime > max(path.stat().st_mtime for path in made_of)):
        return
    catalogue = polib.POFile()
    catalogue.metadata = METADATA
    catalogue.extend(entry for entry in translated().values() if all(_texts(entry)) and not entry.fuzzy)
    target.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save_as_mofile(str(target))


def main(order: str) -> int:
    """Do one thing; the exit status is 1 where something is missing."""
    if order == "merge":
        merge()
    elif order == "compile":
        compile_catalogue()
    elif order == "extract":
        sys.stdout.writelines(f"{entry.occurrences[0][0]}: {entry.msgid!r}\n" for entry in extracted().values())
    elif order == "check":
        compile_catalogue()
        lines = check()
        sys.stdout.writelines(line + "\n" for line in lines)
        return 1 if lines else 0
    else:
        sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
