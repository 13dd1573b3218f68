"""What may be handed over as a column of strings."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

from numpy.typing import NDArray

__all__ = ["ArrowArray", "ArrowStream", "Column"]


class ArrowStream(Protocol):
    """What exports itself as an Arrow stream by the PyCapsule interface: chunked columns."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return a capsule named ``arrow_array_stream``."""
        ...


class ArrowArray(Protocol):
    """What exports itself as an Arrow array by the PyCapsule interface."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Return capsules named ``arrow_schema`` and ``arrow_array``."""
        ...


Column: TypeAlias = Sequence[str] | NDArray[Any] | ArrowStream | ArrowArray
