"""The platform's processes: found, frozen, and how much memory and time they take."""

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_TICK: Final = os.sysconf("SC_CLK_TCK")
# Of what is behind the name in /proc/PID/stat: the process's own time, and that of its children that ended.
_TIMES: Final = slice(11, 15)


def family(pid: int) -> list[int]:
    """Return a process and all that came of it, parents first."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            # It may have ended since.
            with suppress(OSError):
                stat = (entry / "stat").read_text()
                parent = int(stat.rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def signal_all(pids: Sequence[int], number: signal.Signals) -> None:
    """Send a signal to those that are still there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def resident(pid: int) -> int:
    """Return a process's resident memory, in bytes; 0 when it is gone."""
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def cpu_seconds(pid: int) -> float:
    """Return the processor's time that a process and all that came of it took."""
    ticks = 0
    for each in family(pid):
        # It may have ended since.
        with suppress(OSError):
            stat = (_PROC / str(each) / "stat").read_text()
            ticks += sum(map(int, stat.rpartition(")")[2].split()[_TIMES]))
    return ticks / _TICK
