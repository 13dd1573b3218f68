import re
from pathlib import Path

import pytest

from alerting.deliveries.schedule import PAGE_DELAYS, PAGE_MAX_AGE, STANDARD_DELAYS, STANDARD_MAX_AGE

GUIDE = (Path(__file__).parents[4] / "docs" / "delivery.md").read_text()
SECONDS = {"min": 60, "h": 3_600}


@pytest.mark.parametrize(
    ("profile", "delays", "max_age"),
    [("standard", STANDARD_DELAYS, STANDARD_MAX_AGE), ("page", PAGE_DELAYS, PAGE_MAX_AGE)],
)
def test_the_profiles_are_as_they_are_written_down(profile: str, delays: tuple[float, ...], max_age: int) -> None:
    found = re.search(rf"^\| `{profile}` \| (.+?) \| (\d+) (min|h) \|$", GUIDE, re.MULTILINE)
    assert found is not None
    assert tuple(float(each.replace(",", "")) for each in found[1].split(", ")) == delays
    assert int(found[2]) * SECONDS[found[3]] == max_age


def test_the_fallback_of_a_page_has_its_turn_before_it_expires() -> None:
    assert sum(PAGE_DELAYS) * 1.2 < PAGE_MAX_AGE
