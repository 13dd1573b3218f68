"""What a month of each environment costs, summed from list prices: `make terraform-cost` puts it into README.md."""

import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Final

PRICES: Final = Path(__file__).with_name("prices.csv")
README: Final = Path(__file__).with_name("README.md")
BEGIN: Final = "<!-- cost: begin -->"
END: Final = "<!-- cost: end -->"


@dataclass(frozen=True)
class Item:
    """One line of the bill, in dollars."""

    environment: str
    what: str
    quantity: Decimal
    unit: str
    price: Decimal

    @property
    def cost(self) -> Decimal:
        """What a month of it costs, to the cent."""
        return (self.quantity * self.price).quantize(Decimal("0.01"), ROUND_HALF_UP)


def read(path: Path = PRICES) -> list[Item]:
    """Return the lines of the file."""
    with path.open(newline="", encoding="utf-8") as lines:
        return [
            Item(row["environment"], row["what"], Decimal(row["quantity"]), row["unit"], Decimal(row["price"]))
            for row in csv.DictReader(lines)
        ]


def total(items: Sequence[Item], environment: str) -> Decimal:
    """Return the sum of an environment's lines."""
    return sum((item.cost for item in items if item.environment == environment), Decimal(0))


def table(items: Sequence[Item]) -> str:
    """Return a table in Markdown for each environment."""
    tables = []
    for environment in dict.fromkeys(item.environment for item in items):
        lines = [f"| {environment} | quantity | price | $ a month |", "|---|--:|--:|--:|"]
        lines += [
            f"| {item.what} | {item.quantity} {item.unit} | {item.price} | {item.cost} |"
            for item in items
            if item.environment == environment
        ]
        tables.append("\n".join([*lines, f"| **sum** | | | **{total(items, environment)}** |"]))
    return "\n\n".join(tables)


def replaced(text: str, tables: str) -> str:
    """Return the text with the tables between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables}\n{END}{after}"


def main() -> None:
    """Write the tables into README.md, and print the sums."""
    items = read()
    README.write_text(replaced(README.read_text(encoding="utf-8"), table(items)), encoding="utf-8")
    for environment in dict.fromkeys(item.environment for item in items):
        sys.stdout.write(f"{environment}: {total(items, environment)} $ a month\n")


if __name__ == "__main__":
    main()
