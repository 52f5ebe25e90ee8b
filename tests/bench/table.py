"""The table a benchmark prints: one line a figure, with its ratio and whether the budget is met."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Table:
    """Lines of a benchmark, printed as they come."""

    missed: list[str] = field(default_factory=list)

    def heading(self, row: str, text: str) -> None:
        print(f"\n{row}  {text}")

    def figure(self, name: str, seconds: float, per: int = 1) -> None:
        print(f"      {name:<44}{_shown(seconds / per):>12}")

    def ratio(
        self, name: str, value: float, *, most: float | None = None, least: float | None = None
    ) -> None:
        """Print a ratio; with a bound, whether it is kept."""
        verdict = ""
        if most is not None:
            verdict = f"budget <= {most:g}"
            is_met = value <= most
        elif least is not None:
            verdict = f"budget >= {least:g}"
            is_met = value >= least
        if verdict:
            verdict += "  met" if is_met else "  MISSED"
            if not is_met:
                self.missed.append(name)
        print(f"    {name:<46}{value:>11.2f}x   {verdict}".rstrip())

    def seconds(self, name: str, value: float, *, most: float) -> None:
        """Print a time that has a bound of its own."""
        is_met = value <= most
        if not is_met:
            self.missed.append(name)
        verdict = "met" if is_met else "MISSED"
        print(f"    {name:<46}{_shown(value):>12}   budget <= {_shown(most)}  {verdict}")

    def memory(self, name: str, size_bytes: float) -> None:
        print(f"      {name:<44}{size_bytes / 1e6:>9.1f} MB")

    def note(self, text: str) -> None:
        print(f"      {text}")


def _shown(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    if seconds >= 1e-3:
        return f"{seconds * 1e3:.1f} ms"
    return f"{seconds * 1e6:.2f} us"
