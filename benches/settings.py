"""What a run of the table measures."""

from dataclasses import dataclass

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """One run.

    Parameters
    ----------
    sizes, workloads
        What to measure, in this order.
    peers, peer_sizes
        Whether to run the other engines, and with how many rules.
    quamina
        The folder of a checkout of Quamina, to be built in place of the registry's module; empty for the module.
    rounds, events, seed
        How often each contender runs, over how many events at most, and the workloads' seed.
    """

    sizes: tuple[int, ...]
    workloads: tuple[str, ...]
    peers: bool = True
    peer_sizes: tuple[int, ...] = (1_000, 100_000)
    quamina: str = ""
    rounds: int = 5
    events: int = 100_000
    seed: int = 0
