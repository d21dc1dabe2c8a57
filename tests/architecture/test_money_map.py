"""docs/money-map.md leads to what is there, and leaves no service out."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNDING = ROOT / "funding"
# Parts of one named in the map, of no rule of their own.
PARTS = {
    "dispute_cases", "informing", "operating", "recounting", "refund_calls", "refund_cases", "sealing_sql", "shortages",
    "stalling", "swapping_stock", "__init__",
}  # fmt: skip


def test_each_place_exists_and_each_service_has_its_rule():
    named = set(re.findall(r"`([\w/]+(?:\.py|/))`", (ROOT / "docs" / "money-map.md").read_text())) - {"funding/"}
    assert not [name for name in named if not (FUNDING / name).exists()]
    services = {path.stem for path in (FUNDING / "services").glob("*.py")} - PARTS
    assert services == {Path(name).stem for name in named if name.startswith("services/") and name.endswith(".py")}
