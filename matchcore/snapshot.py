"""Snapshot files: mapped to read, replaced as a whole to write."""

from __future__ import annotations

import contextlib
import mmap
import os
import secrets
from typing import TYPE_CHECKING

from .errors import SnapshotError

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["map_file", "replace_file"]


def map_file(path: str | os.PathLike[str]) -> mmap.mmap:
    """Map a file read-only, shared with every other process that maps it.

    Raises
    ------
    OSError
        When the file cannot be opened.
    SnapshotError
        When it is empty.
    """
    with open(path, "rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise SnapshotError("the file is empty")
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def replace_file(path: str | os.PathLike[str], data: Buffer) -> None:
    """Write a file beside `path` and rename it there.

    A process that has the former file mapped keeps it; one that opens the path
    finds the old bytes or the new, also after a crash.
    """
    draft = f"{os.fspath(path)}.{secrets.token_hex(8)}"
    try:
        # Not tempfile: its files are for the owner alone, and a snapshot is there to be shared.
        with open(draft, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):  # the folder may not exist
            os.unlink(draft)
        raise
