"""The whole API in obvious Python: what the tests hold the compiled implementation against.

It shares nothing with the compiled modules but the rule and the errors, and is selected only by the
environment, ``MATCHCORE_IMPL=python``. Every answer is a scan of all rules.
"""

from ._reference_index import Explanation, Index, MatchBatch, Matches, View
from ._reference_live import LiveIndex
from ._reference_wire import Router

__all__ = ["Explanation", "Index", "LiveIndex", "MatchBatch", "Matches", "Router", "View"]
