"""What a month costs: the sums, and that README.md has them."""

from decimal import Decimal
from pathlib import Path

from deploy.terraform import cost


def test_a_line_is_rounded_to_the_cent(tmp_path: Path) -> None:
    prices = tmp_path / "prices.csv"
    prices.write_text(
        'environment,what,quantity,unit,price\nsmall,"a, and b",3,hour,0.0150\nsmall,c,1,hour,0.01\nlarge,d,1,hour,9\n'
    )
    items = cost.read(prices)
    assert [item.cost for item in items] == [Decimal("0.05"), Decimal("0.01"), Decimal("9.00")]
    assert cost.total(items, "small") == Decimal("0.06")


def test_the_readme_has_what_the_prices_sum_up_to() -> None:
    readme = cost.README.read_text(encoding="utf-8")
    assert cost.replaced(readme, cost.table(cost.read())) == readme


def test_low_cost_is_about_twenty_dollars() -> None:
    assert Decimal(18) < cost.total(cost.read(), "low-cost") < Decimal(22)


def test_what_is_around_the_tables_stays() -> None:
    text = f"before\n{cost.BEGIN}\nold\n{cost.END}\nafter\n"
    assert cost.replaced(text, "new") == f"before\n{cost.BEGIN}\nnew\n{cost.END}\nafter\n"
