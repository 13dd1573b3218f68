"""Where a page of docs/ names a test as a witness, there is such a test."""

import re

import pytest

from fix_guide import CHECKOUT, guide

PAGES = sorted(str(path.relative_to(CHECKOUT)) for path in (CHECKOUT / "docs").rglob("*.md"))
NAMED = re.compile(r"`((?:tests|ui/e2e)/[\w/.-]+)(?:::(\w+))?`")


@pytest.mark.parametrize("page", PAGES)
def test_named_tests_are_there(page: str) -> None:
    for path, name in NAMED.findall(guide(page)):
        assert (CHECKOUT / path).exists(), path
        if name:
            assert f"def {name}(" in guide(path), f"{path}::{name}"


def test_every_answer_to_a_threat_has_its_test() -> None:
    table = guide("docs/security.md").partition("## Threats and answers")[2].partition("\n## ")[0]
    answers = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| threat")]
    assert len(answers) > 20
    assert [line for line in answers if not NAMED.search(line)] == []
