"""docs/states.md from the tables of states: `python -m scripts.states write|check`."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "states.md"
TOP = """# States

Written by `make docs` from `funding/states.py`, `campaigns/states.py` and their words; `make check` fails when it is
out of date. A step that is not drawn here is refused: by the service with 409 and `state`, `target` and `allowed` in
the answer, and by a trigger made from the same tables.
"""


def document() -> str:
    """The whole page."""
    from campaigns import states as campaigns
    from funding import state_words
    from funding.states import MACHINES

    parts = [TOP]
    into = {str(state): str(words) for state, words in campaigns.INTO.items()}
    parts += _machine(
        "Campaign: review and launch",
        "draft",
        {str(state): str(words) for state, words in campaigns.MEANINGS.items()},
        {(str(s), str(t)): into[str(t)] for s, targets in campaigns.EDGES.items() for t in targets},
    )
    for machine in MACHINES.values():
        title = state_words.TITLES.get(machine.name, machine.name)
        edges = {
            (source, target): state_words.reason(machine.name, source, target)
            for source, targets in machine.edges.items()
            for target in targets
        }
        known = state_words.MEANINGS.get(machine.name, {})
        states = [*known, *sorted({state for edge in edges for state in edge} - known.keys())]
        meanings = {state: state_words.meaning(machine.name, state) for state in states}
        parts += _machine(f"`{machine.name}`: {title}", machine.initial, meanings, edges)
    return "\n".join(parts)


def _machine(title: str, initial: str, meanings: dict[str, str], edges: dict[tuple[str, str], str]) -> Iterator[str]:
    places = {state: place for place, state in enumerate(meanings)}
    ordered = sorted(edges, key=lambda edge: (places[edge[0]], places[edge[1]]))
    yield f"\n## {title}\n\n```mermaid\nstateDiagram-v2\n  [*] --> {initial}"
    yield from (f"  {source} --> {target}" for source, target in ordered)
    yield from (f"  {state} --> [*]" for state in meanings if state not in {source for source, _target in edges})
    yield "```\n\n| State | Means |\n|---|---|"
    yield from (f"| {state} | {words} |" for state, words in meanings.items())
    yield "\n| From | To | Because |\n|---|---|---|"
    yield from (f"| {source} | {target} | {edges[source, target]} |" for source, target in ordered)


def main(arguments: list[str]) -> int:
    """Write the file, or say whether it is what the tables say."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    os.environ["KINDLING_NO_DATABASE"] = "1"
    import django
    from django.utils import translation

    django.setup()
    with translation.override("en"):
        text = document() + "\n"
    if arguments == ["write"]:
        DOCUMENT.write_text(text)
    elif arguments != ["check"]:
        sys.exit("usage: python -m scripts.states write|check")
    elif not DOCUMENT.exists() or DOCUMENT.read_text() != text:
        sys.stdout.write("docs/states.md is not what the tables say. Run: make docs\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
