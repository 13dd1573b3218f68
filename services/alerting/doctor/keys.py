"""The checks of API keys."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from alerting.doctor.answer import known
from alerting.doctor.facts import Facts, Key
from alerting.doctor.finding import Finding, fail, ok, warn

SOON: Final = timedelta(days=14)
_SHOWN: Final = 5


def admin(facts: Facts) -> Finding:
    """Judge whether somebody may administer the platform, also in a fortnight."""
    keys = [key for key in known(facts.postgres.keys) if key.scope == "admin"]
    if not keys:
        return fail("keys.admin", "there is no valid admin key")
    if len(_expiring(facts, keys)) == len(keys):
        return warn("keys.admin", f"every one of {len(keys)} ends soon: {_shown(keys)}")
    return ok("keys.admin", f"{len(keys)} valid")


def ingest(facts: Facts) -> Finding:
    """Judge whether senders have keys of their own."""
    keys = [key for key in known(facts.postgres.keys) if key.scope == "ingest"]
    if not keys:
        return warn("keys.ingest", "there is no valid key of the scope `ingest`")
    return ok("keys.ingest", f"{len(keys)} valid")


def expiring(facts: Facts) -> Finding:
    """Judge whether keys that are used are about to end."""
    ending = _expiring(facts, [key for key in known(facts.postgres.keys) if key.used])
    if ending:
        return warn("keys.expiring", _shown(ending))
    return ok("keys.expiring", "no key that is in use ends within two weeks")


def _expiring(facts: Facts, keys: Sequence[Key]) -> list[Key]:
    return [key for key in keys if key.expires_at is not None and key.expires_at < facts.now + SOON]


def _shown(keys: Sequence[Key]) -> str:
    texts = [f"{key.name} ({key.scope}, {key.expires_at:%Y-%m-%d %H:%M})" for key in keys[:_SHOWN]]
    more = len(keys) - _SHOWN
    return ", ".join(texts) + (f" and {more} more" if more > 0 else "")


JUDGES: Final[Mapping[str, Callable[[Facts], Finding]]] = {
    "keys.admin": admin,
    "keys.ingest": ingest,
    "keys.expiring": expiring,
}
