"""A line of the table: what was measured, beside its must and its aim."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One target. `most`: the value may be at most so; otherwise at least. Without a must it is for people to know."""

    number: str
    what: str
    value: float
    must: float | None = None
    aim: float | None = None
    most: bool = True
    unit: str = ""
    sql: tuple[str, ...] = ()
    exact: bool = False  # a count, the same on every machine: missing its must fails the bench

    def holds(self, limit: float | None) -> bool:
        """Whether the value keeps a limit, where there is one."""
        return limit is None or (self.value <= limit if self.most else self.value >= limit)

    def cells(self) -> list[str]:
        """Number, what, value, must, aim, verdict."""
        sign = "≤" if self.most else "≥"
        shown = f"{self.value:g}{self.unit}" if self.exact else f"{self.value:.3g}{self.unit}"
        if self.must is None:
            return [self.number, self.what, shown, "", "", ""]
        verdict = "aim" if self.holds(self.aim) else "must" if self.holds(self.must) else "MISSED"
        limits = [f"{sign} {limit:g}{self.unit}" if limit is not None else "" for limit in (self.must, self.aim)]
        return [self.number, self.what, shown, *limits, verdict]


def table(lines: list[Line]) -> str:
    """As the README shows it."""
    rows = [["#", "What", "Now", "Must", "Aim", "Reached"], *(line.cells() for line in lines)]
    rows.insert(1, ["---"] * 6)
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
