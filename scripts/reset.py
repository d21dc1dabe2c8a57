"""`make reset`: forget the demo. Database, media, queue and the local Stripe's store go; the environment stays."""

import shutil
import sys

import fasteners

from cms.core import embedded

FORGOTTEN = ["postgres", "media", "queue", "static", "schema", "stripe.sqlite3*", "direct", "beat-schedule*"]


def main() -> None:
    """Refused while `make run` is running."""
    var = embedded.data_directory().parent
    var.mkdir(parents=True, exist_ok=True)
    lock = fasteners.InterProcessLock(var / "run.lock")
    if not lock.acquire(blocking=False):
        sys.exit("kindling: `make run` is running in this folder; stop it with Ctrl-C first.")
    embedded.stop()
    for pattern in FORGOTTEN:
        for path in var.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    lock.release()
    sys.stdout.write("kindling: forgotten; `make run` starts afresh.\n")


if __name__ == "__main__":
    main()
