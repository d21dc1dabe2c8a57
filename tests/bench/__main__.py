"""`make bench`: what is measured of our targets, each line with its must and its aim. ONLY=<name> measures one part.

Only counts and ratios within one run are printed: this machine's own speed says nothing about the code. `--sql` also
prints the statements behind each count, `--scale 0.1` makes the big numbers smaller.
"""

import argparse
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")

import django

django.setup()

from django.test.utils import override_settings  # noqa: E402

from tests.bench import books, pledges, reads, settling, tree  # noqa: E402
from tests.bench.lines import table  # noqa: E402
from tests.bench.sizes import sizes  # noqa: E402

PARTS = {
    "reads": reads.measure, "pledges": pledges.measure, "books": books.measure, "settling": settling.measure,
    "tree": tree.measure,
}  # fmt: skip


def main() -> int:
    """Measure on scratch databases and print; 1 if a count misses its must."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", choices=["", *PARTS])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--sql", action="store_true")
    asked = parser.parse_args()
    sizes.scale = asked.scale
    lines = []
    overrides = override_settings(ROOT_URLCONF="tests.bench.meter", ALLOWED_HOSTS=["*"], DEMO=False)
    for name, measure in PARTS.items():
        if asked.only in ("", name):
            begun = time.monotonic()
            with overrides:
                for line in measure():
                    lines.append(line)
                    sys.stderr.write(f"  {line.what}: {line.value:.3g}{line.unit}\n")
            sys.stderr.write(f"{name}: {time.monotonic() - begun:.0f} s\n")
    sys.stdout.write(table(lines) + "\n")
    if asked.sql:
        for line in lines:
            sys.stdout.write("".join([f"\n{line.what}\n", *(f"  {sql[:400]}\n" for sql in line.sql)]))
    # Counts are the same everywhere; speeds depend on what else the machine is doing.
    return 0 if all(line.holds(line.must) for line in lines if line.exact) else 1


if __name__ == "__main__":
    sys.exit(main())
