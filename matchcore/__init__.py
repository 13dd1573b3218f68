"""Match an alert against a million rules.

>>> from matchcore import WILDCARD, Index, Rule
>>> index = Index.build([Rule("r1", "acme", "HIGH", "payments", WILDCARD)])
>>> index.match("HIGH", "payments", "timeout")
Matches({'acme': ('r1',)})
"""

import os
from typing import TYPE_CHECKING, Final

from .errors import MatchcoreError, RuleError, RuleTypeError, SnapshotError, WireError
from .rule import WILDCARD, Rule

__all__ = [
    "WILDCARD",
    "Explanation",
    "Index",
    "LiveIndex",
    "MatchBatch",
    "MatchcoreError",
    "Matches",
    "Router",
    "Rule",
    "RuleError",
    "RuleTypeError",
    "SnapshotError",
    "View",
    "WireError",
    "__impl__",
    "__version__",
]

if TYPE_CHECKING:
    __version__: str
else:

    def __getattr__(name: str) -> str:
        """Look the version up when it is asked for: importlib.metadata is as slow to import as all of this."""
        if name == "__version__":
            from importlib.metadata import version  # noqa: PLC0415

            return version("matchcore")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__impl__: Final = os.environ.get("MATCHCORE_IMPL", "cython")
"""Which implementation is active: ``cython``, or ``python`` when the environment asks for it."""

# Chosen by name, never by accident: an extension that does not import is an error, not a slow library.
if TYPE_CHECKING or __impl__ == "cython":
    from ._index import Explanation, Index, View
    from ._live import LiveIndex
    from ._matches import Matches
    from ._result import MatchBatch
    from ._wire import Router
elif __impl__ == "python":
    from ._reference import Explanation, Index, LiveIndex, MatchBatch, Matches, Router, View
else:
    raise ImportError(f"MATCHCORE_IMPL must be 'cython' or 'python', not {__impl__!r}")
