"""docs/doctor.md is what the code does."""

from pathlib import Path

from alerting.doctor.catalog import CHECKS
from alerting.doctor.finding import fail
from alerting.doctor.report import as_json

GUIDE = (Path(__file__).parents[4] / "docs" / "doctor.md").read_text(encoding="utf-8")


def test_the_table_is_the_catalog() -> None:
    expected = [f"| `{name}` | {check.looks_at} | {check.remedy} |" for name, check in CHECKS.items()]
    assert [line for line in GUIDE.splitlines() if line.startswith("| `")] == expected
    assert not any("|" in text for check in CHECKS.values() for text in check)


def test_the_line_for_programs_is_one() -> None:
    assert as_json(fail("kafka.topics", "alerts.new is missing")) in GUIDE.splitlines()
