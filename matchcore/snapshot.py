"""Snapshot files: mapped to read, replaced as a whole to write."""

from __future__ import annotations

import mmap
import os
import tempfile
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
    folder = os.path.dirname(os.path.abspath(os.fspath(path)))
    handle, draft = tempfile.mkstemp(prefix=os.path.basename(os.fspath(path)) + ".", dir=folder)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
