"""How persistently a delivery is attempted."""

from typing import Final, Literal

Profile = Literal["standard", "page", "custom"]

STANDARD_DELAYS: Final = (5.0, 30.0, 120.0, 600.0, 1_800.0, 7_200.0, 18_000.0)
"""Seconds before each repetition; the first attempt is made at once."""

PAGE_DELAYS: Final = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
"""The same, for what wakes somebody up: the rule's fallback endpoint has its turn after nine minutes."""

STANDARD_MAX_AGE: Final = 86_400
"""Seconds until a delivery that could not be made expires."""

PAGE_MAX_AGE: Final = 900
"""The same, for what wakes somebody up."""
