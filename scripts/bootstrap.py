"""Make `.venv` from uv.lock with nothing but a Python 3.11: standard library only.

Debian's python3 may lack pip and ensurepip. uv is taken from PATH, or from `.var/uv`, or put there: by pip where
Python has it, else by pip's own wheel, fetched from the package index and checked against the digest it gives.
This file must be readable by old Pythons, so that they can be told off: nothing newer than Python 3.6 in it.
"""

import base64
import hashlib
import html.parser
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import NoReturn

NEEDED = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".kindling-lock"
UV_HOME = ROOT / ".var" / "uv"
OWN_UV = UV_HOME / "bin" / "uv"
INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
WHEEL = re.compile(r"^pip-(\d+(?:\.\d+)*)-py3-none-any\.whl$")


def fail(line: str) -> NoReturn:
    """End with one line for people."""
    sys.exit("kindling: " + line)


def check_python() -> None:
    """Refuse a Python that is too old."""
    if sys.version_info < NEEDED:
        found = "{}.{}.{}".format(*sys.version_info[:3])
        fail(f"Python 3.11 or newer is needed, and {sys.executable} is {found}. Name another: make PYTHON=python3.12 …")


def check_writable() -> None:
    """Refuse a folder in which nothing can be made."""
    for folder in (ROOT, ROOT / ".var"):
        try:
            folder.mkdir(exist_ok=True)
            with tempfile.TemporaryFile(dir=str(folder)):
                pass
        except OSError as error:
            fail(f"the folder {folder} can't be written ({error.strerror}). Make it writable, or clone elsewhere.")


def wanted_stamp() -> str:
    """What the environment was made from."""
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes()).hexdigest()
    return "{} {}.{}".format(digest, *sys.version_info[:2])


def is_fresh() -> bool:
    """Whether the environment is there and made from this lock."""
    python = VENV / "bin" / "python"
    return python.exists() and STAMP.exists() and STAMP.read_text() == wanted_stamp()


def works(command: str) -> bool:
    """Whether a uv can be run; version managers leave shims that can't."""
    return runs([command, "--version"])


def runs(order: "list[str]") -> bool:
    """Whether a command succeeds; what it says is of no interest."""
    try:
        return subprocess.run(order, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def named_index() -> str:
    """The package index that the environment names, if any."""
    return next((os.environ[name] for name in INDEX_VARIABLES if os.environ.get(name)), "")


def index_url() -> str:
    """The package index in use."""
    return (named_index() or "https://pypi.org/simple").rstrip("/") + "/"


def fetch(url: str) -> bytes:
    """Read a URL; a name and password in it are sent as such. Certificates follow SSL_CERT_FILE."""
    parts = urllib.parse.urlsplit(url)
    request = urllib.request.Request(urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])))
    request.add_header("Accept", "text/html")
    if parts.username:
        pair = "{}:{}".format(urllib.parse.unquote(parts.username), urllib.parse.unquote(parts.password or ""))
        request.add_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
    with urllib.request.urlopen(request, timeout=60) as answer:
        return bytes(answer.read())


class Links(html.parser.HTMLParser):
    """The wheels of pip on an index page: version → address."""

    def __init__(self) -> None:
        super().__init__()
        self.wheels = {}  # type: dict[tuple[int, ...], str]

    def handle_starttag(self, tag: str, attrs: "list[tuple[str, str | None]]") -> None:
        """Take note of a link."""
        attributes = dict(attrs)
        href = attributes.get("href") or ""
        name = urllib.parse.urlsplit(href).path.rsplit("/", 1)[-1]
        match = WHEEL.match(name)
        least = re.match(r">=\s*3\.(\d+)", attributes.get("data-requires-python") or "")
        fits = least is None or sys.version_info >= (3, int(least.group(1)))
        if match and fits and "data-yanked" not in attributes and "#sha256=" in href:
            self.wheels[tuple(int(part) for part in match.group(1).split("."))] = href


def pip_wheel(folder: Path) -> Path:
    """Fetch pip's newest wheel into a folder. It runs without being installed."""
    page = urllib.parse.urljoin(index_url(), "pip/")
    links = Links()
    links.feed(fetch(page).decode())
    if not links.wheels:
        fail(f"the package index at {urllib.parse.urlsplit(page).hostname} lists no pip.")
    address, _, digest = urllib.parse.urljoin(page, links.wheels[max(links.wheels)]).partition("#sha256=")
    content = fetch(address)
    if hashlib.sha256(content).hexdigest() != digest.split("&")[0]:
        fail("pip's wheel did not arrive as the package index describes it; try again.")
    wheel = folder / address.rsplit("/", 1)[-1]
    wheel.write_bytes(content)
    return wheel


def install_uv() -> str:
    """Put uv into `.var/uv` and return its path."""
    print("kindling: fetching uv, which makes the environment …", flush=True)
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_ROOT_USER_ACTION="ignore")
    if named_index():
        environment["PIP_INDEX_URL"] = index_url()
    order = ["install", "--quiet", "--upgrade", "--target", str(UV_HOME), "uv"]
    with tempfile.TemporaryDirectory() as folder:
        if runs([sys.executable, "-m", "pip", "--version"]):
            pip = [sys.executable, "-m", "pip"]
        else:
            try:
                pip = [sys.executable, str(pip_wheel(Path(folder)) / "pip")]
            except (urllib.error.URLError, OSError) as error:
                fail(f"the package index can't be reached ({getattr(error, 'reason', error)}).")
        if subprocess.run(pip + order, env=environment).returncode or not works(str(OWN_UV)):
            fail("uv could not be installed; the lines above say why.")
    return str(OWN_UV)


def find_uv() -> str:
    """A uv that runs."""
    for candidate in (shutil.which("uv"), str(OWN_UV)):
        if candidate and works(candidate):
            return candidate
    return install_uv()


def make_environment(uv: str) -> None:
    """Everything in the lock, development tools included: one environment for run, test and check."""
    print("kindling: making the environment (.venv) from uv.lock …", flush=True)
    environment = dict(os.environ, UV_PYTHON=sys.executable, UV_PYTHON_DOWNLOADS="never")
    environment["UV_PROJECT_ENVIRONMENT"] = ".venv"
    environment.pop("VIRTUAL_ENV", None)
    orders = [["sync", "--frozen", "--all-groups"]]
    if named_index():
        # The lock names PyPI's files; behind another index the same versions and digests are asked of that one.
        listed = str(ROOT / ".var" / "requirements.txt")
        orders = [
            ["venv", "--quiet", "--allow-existing", "--python", sys.executable, ".venv"],
            ["export", "--quiet", "--frozen", "--all-groups", "--no-emit-project", "--output-file", listed],
            ["pip", "sync", "--require-hashes", "--default-index", index_url(), "--python", ".venv/bin/python", listed],
        ]
    for order in orders:
        if subprocess.run([uv] + order, cwd=str(ROOT), env=environment).returncode:  # noqa: RUF005
            fail("the environment could not be made; the lines above say why.")
    STAMP.write_text(wanted_stamp())


def main() -> None:
    """Instant when nothing has changed."""
    check_python()
    check_writable()
    if not is_fresh():
        make_environment(find_uv())


if __name__ == "__main__":
    main()
