"""So many a second and no more: a bucket of tokens, and a queue for what comes too early."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

_CLOSE: Final = 1e-9


class Rate(BaseModel):
    """How much a channel, or one receiver, takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_second: float = Field(gt=0, le=1_000_000)
    burst: int = Field(1, ge=1, le=1_000_000)
    """How many may go at once after a pause."""


class RateLimit:
    """Lets attempts go at a rate. Times are monotonic seconds."""

    __slots__ = ("_at", "_queue_end", "_rate", "_tokens")

    def __init__(self, rate: Rate, now: float) -> None:
        self._rate = rate
        self._tokens = float(rate.burst)
        self._at = now
        self._queue_end = 0.0

    def admit(self, now: float, *, waited: bool) -> float:
        """Return 0 for one that goes now; otherwise the seconds after which it is to ask again, having `waited`.

        Those that wait are told one after another; a new one goes behind them even when there happens to be a token.
        """
        self._tokens = min(float(self._rate.burst), self._tokens + (now - self._at) * self._rate.per_second)
        self._at = now
        if self._tokens >= 1 - _CLOSE and (waited or self._queue_end <= now):
            self._tokens -= 1
            return 0.0
        self._queue_end = max(self._queue_end, now) + 1 / self._rate.per_second
        return self._queue_end - now

    def give_back(self) -> None:
        """Return what `admit` took, because the attempt is not made after all."""
        self._tokens = min(float(self._rate.burst), self._tokens + 1)

    def is_idle(self, now: float) -> bool:
        """Tell whether a new one would do as it does."""
        return self._queue_end <= now and self._tokens + (now - self._at) * self._rate.per_second >= self._rate.burst
