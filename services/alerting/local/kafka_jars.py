"""Fetches Apache Kafka's jars with Maven, once for a user, and keeps them in a cache directory."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from alerting.local.server import ServerError

POM = Path(__file__).with_name("pom.xml")

Run = Callable[[Sequence[str]], None]


def kafka_jars(run: Run) -> Path:
    """Return the directory of the jars; `run` runs the command that fetches them when they are not there."""
    jars = directory()
    if jars.exists():
        return jars
    jars.parent.mkdir(parents=True, exist_ok=True)
    # Two at once: one fetches, the other waits. What is in place is whole: it was made elsewhere, and moved.
    with jars.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.exists():
            _fetch(jars, run)
    return jars


def directory() -> Path:
    """Return where the jars of this pom.xml are, or are going to be."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    pom = hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    return Path(cache, "alerting", f"kafka-{pom}")


def _fetch(jars: Path, run: Run) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise ServerError(f"kafka needs Maven, for once, to fetch its jars into {jars}: there is no mvn on PATH")
    with tempfile.TemporaryDirectory(dir=jars.parent, ignore_cleanup_errors=True) as new:
        fetched = Path(new, "jars")
        run([maven, "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={fetched}"])
        fetched.rename(jars)
