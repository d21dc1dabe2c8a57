import ast
import hashlib
import subprocess
import sys

import pytest

from scripts import bootstrap

SOURCE = bootstrap.ROOT / "scripts" / "bootstrap.py"
WHEEL = b"the wheel"
DIGEST = hashlib.sha256(WHEEL).hexdigest()


def test_an_old_python_can_read_it_and_is_told_off():
    ast.parse(SOURCE.read_text(), feature_version=(3, 6))
    pretend = "import sys, runpy; sys.version_info = (3, 9, 2); runpy.run_path(sys.argv[1], run_name='__main__')"
    answer = subprocess.run([sys.executable, "-c", pretend, str(SOURCE)], capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "Python 3.11 or newer is needed" in answer.stderr


def test_it_needs_nothing_but_the_standard_library():
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse(SOURCE.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.split(".")[0] for name in imported} <= set(sys.stdlib_module_names)


def test_a_folder_that_cannot_be_written_is_one_line(monkeypatch, tmp_path):
    (tmp_path / ".var").write_text("a file where a folder should be")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"^kindling: the folder .* can't be written"):
        bootstrap.check_writable()


@pytest.fixture
def index(monkeypatch):
    """A package index that offers several pips."""
    pages = {
        "https://index.example/simple/pip/": (
            f'<a href="../files/pip-24.0-py3-none-any.whl#sha256={DIGEST}">old</a>'
            f'<a href="../files/pip-25.1-py3-none-any.whl#sha256={DIGEST}" data-requires-python="&gt;=3.9">new</a>'
            f'<a href="../files/pip-99.0-py3-none-any.whl#sha256={DIGEST}" data-requires-python="&gt;=3.99">future</a>'
            f'<a href="../files/pip-26.0-py3-none-any.whl#sha256={DIGEST}" data-yanked="">yanked</a>'
            '<a href="../files/pip-27.0-py3-none-any.whl">without a digest</a>'
        ).encode(),
        "https://index.example/simple/files/pip-25.1-py3-none-any.whl": WHEEL,
    }
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example/simple/")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("UV_INDEX_URL", raising=False)
    monkeypatch.setattr(bootstrap, "fetch", pages.__getitem__)
    return pages


def test_pips_newest_fitting_wheel_is_fetched_and_checked(index, tmp_path):
    wheel = bootstrap.pip_wheel(tmp_path)
    assert wheel.name == "pip-25.1-py3-none-any.whl"
    assert wheel.read_bytes() == WHEEL


def test_a_wheel_that_is_not_what_the_index_says_is_refused(index, tmp_path):
    index["https://index.example/simple/files/pip-25.1-py3-none-any.whl"] = b"something else"
    with pytest.raises(SystemExit, match="did not arrive as the package index describes it"):
        bootstrap.pip_wheel(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_done_while_the_lock_is_the_same(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    assert not bootstrap.is_fresh()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    (tmp_path / "stamp").write_text(bootstrap.wanted_stamp())
    assert bootstrap.is_fresh()
    (tmp_path / "stamp").write_text("another lock")
    assert not bootstrap.is_fresh()
