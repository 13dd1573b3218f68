"""Finds Java, and says what is wrong with the one that it finds."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from alerting.local.server import ServerError

OLDEST = 17
VERSION_SECONDS = 30


def find_java() -> str:
    """Return the program of JAVA_HOME or PATH, when it is new enough for Kafka's brokers."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if java is None:
        raise ServerError(f"kafka needs Java {OLDEST} or newer: there is no java on PATH, and JAVA_HOME is not set")
    try:
        asked = subprocess.run(  # noqa: S603 (the user's own Java)
            [java, "-version"], capture_output=True, text=True, timeout=VERSION_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ServerError(f"kafka needs Java {OLDEST} or newer: {java} does not run: {error}") from error
    version = re.search(r'version "(\d+)', asked.stderr)
    if version is None or int(version[1]) < OLDEST:
        raise ServerError(f"kafka needs Java {OLDEST} or newer: {java} is {asked.stderr.splitlines()[0]}")
    return java
