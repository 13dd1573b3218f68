"""The alerting platform: thin Kafka services around matchcore."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str
else:

    def __getattr__(name: str) -> str:
        """Look the version up when it is asked for: a health check, which is run every few seconds, never does."""
        if name == "__version__":
            from importlib.metadata import version  # noqa: PLC0415

            return version("alerting")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
