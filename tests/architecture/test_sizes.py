"""What a reader may rely on: short files, short functions, names that say something, promises in words."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ["cms", "campaigns", "funding", "home", "search", "scripts", "tests"]
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
EMPTY_NAMES = {"utils", "helpers", "common", "misc"}
FILES = [
    path.relative_to(ROOT)
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> list[Function]:
    """All functions and methods of a file."""
    return [node for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, Function)]


def is_promise(path: Path) -> bool:
    """Whether others rely on what stands in this file."""
    return bool({"services", "gateways"} & set(path.parts)) or path.stem in {"services", "selectors", "ledger"}


def promised(path: Path) -> list[Function]:
    """Public functions, and public methods of public classes."""
    tree = ast.parse((ROOT / path).read_text())
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    bodies = [node for owner in (tree, *classes) for node in owner.body]
    return [node for node in bodies if isinstance(node, Function) and not node.name.startswith("_")]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_file(path):
    lines = (ROOT / path).read_text().splitlines()
    assert len(lines) <= LONGEST_FILE, f"{path} has {len(lines)} lines"
    assert path.stem not in EMPTY_NAMES, f"{path}: the name says nothing"
    for function in functions(path):
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= LONGEST_FUNCTION, f"{path}: {function.name} has {length} lines"


@pytest.mark.parametrize("path", [path for path in FILES if path.parts[0] != "tests" and is_promise(path)], ids=str)
def test_promises_are_in_words(path):
    silent = [node.name for node in promised(path) if not ast.get_docstring(node)]
    assert not silent, f"{path}: no docstring on {', '.join(silent)}"


@pytest.mark.parametrize("path", [path for path in FILES if "services" in path.parts], ids=str)
def test_services_never_take_a_request(path):
    assert "HttpRequest" not in (ROOT / path).read_text()
