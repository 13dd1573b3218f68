from collections.abc import Iterable
from typing import final

from ._index import Index, View

@final
class LiveIndex:
    """All of View's query methods (match, count, any, match_ordinals, match_batch, explain, rule_id,
    client_id, rules, len, in, iter), answered from the newest version; and:"""

    def __init__(self, index: Index | None = None) -> None: ...
    def apply(
        self,
        upserts: Iterable[tuple[str, str, str, str, str]] = (),
        deletes: Iterable[str] = (),
        *,
        version: int | None = None,
    ) -> None: ...
    def compact(self) -> Index: ...
    def reader(self) -> View: ...
    @property
    def version(self) -> int: ...
