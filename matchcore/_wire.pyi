from collections.abc import Sequence
from typing import final

from ._index import View
from ._live import LiveIndex
from .errors import WireError

@final
class Router:
    def __init__(self, index: View | LiveIndex) -> None: ...
    def route(self, payload: bytes, /) -> list[tuple[bytes, bytes]]: ...
    def route_batch(self, payloads: Sequence[bytes], /) -> list[list[tuple[bytes, bytes]] | WireError]: ...
