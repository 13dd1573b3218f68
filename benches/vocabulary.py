"""Strings that look like an alert's and a rule's, as many as a workload asks for."""

from typing import Final

__all__ = ["SEVERITIES", "client_ids", "names", "rule_ids", "sources"]

SEVERITIES: Final = ("LOW", "MEDIUM", "HIGH", "CRITICAL", "INFO")

_SERVICES: Final = ("payments", "checkout", "search", "ledger", "identity", "catalog", "shipping", "billing")
_ROLES: Final = ("api", "db", "cache", "worker", "gateway", "queue", "proxy")
_THINGS: Final = ("Disk", "Memory", "Latency", "Replica", "Queue", "Backup", "Request", "Node", "Volume")
_TROUBLES: Final = (
    "High",
    "Down",
    "Full",
    "Missing",
    "Errors",
    "Lag",
    "Saturated",
    "Stuck",
    "Flapping",
    "Slow",
    "Dead",
)


def sources(count: int) -> list[str]:
    """Return `count` distinct sources of 13 to 23 characters, such as ``checkout-db-00001``."""
    return [f"{_SERVICES[i % 8]}-{_ROLES[i % 7]}-{i:05x}" for i in range(count)]


def names(count: int) -> list[str]:
    """Return `count` distinct alert names of 11 to 23 characters, such as ``MemoryDown00001``."""
    return [f"{_THINGS[i % 9]}{_TROUBLES[i % 11]}{i:05x}" for i in range(count)]


def client_ids(count: int) -> list[str]:
    """Return ``client-000000`` and its followers."""
    return [f"client-{i:06d}" for i in range(count)]


def rule_ids(count: int) -> list[str]:
    """Return ``r00000000`` and its followers."""
    return [f"r{i:08d}" for i in range(count)]
