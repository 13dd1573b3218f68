"""Runs commands in a root directory of their own, as a container does: bubblewrap (Debian: bubblewrap) makes it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

PATH = "/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""A container's, and before it the environment that stands for /usr/local of Python's image."""

_MERGED = ("bin", "sbin", "lib", "lib32", "lib64")
_ETC = ("group", "hosts", "ld.so.cache", "login.defs", "nsswitch.conf", "passwd", "resolv.conf")
_REGISTRIES = ("PIP_CERT", "PIP_INDEX_URL", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "http_proxy", "https_proxy")
"""By what of its environment a machine reaches its package registries."""
# What a process has to be allowed until it is another user; it keeps nothing of it.
_TO_BECOME = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")


@dataclass(frozen=True)
class Sandbox:
    """A root directory, and what of this machine can be read in it."""

    root: Path
    shared: tuple[Path, ...]
    env: Mapping[str, str] = field(default_factory=lambda: {"PATH": PATH, "HOME": "/root"})
    cwd: str = "/"

    def copied(self, root: Path) -> "Sandbox":
        """Begin another root with what is in this one."""
        subprocess.run(["cp", "--archive", self.root, root], check=True)
        return replace(self, root=root)

    def run(self, *words: str, mounts: Sequence[str] = (), user: int = 0, network: bool = True) -> str:
        """Run a command to its end; return what it printed. As root, it may write; as another user, only to /tmp."""
        done = subprocess.run(
            [*self._bubblewrap(user, network=network), *mounts, *self._as(user), *words],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    @contextmanager
    def running(self, *words: str, user: int) -> Iterator["Running"]:
        """Run a command as process 1 of a container, which nothing else stops than its own reaction to signals."""
        reader, writer = os.pipe()
        process = subprocess.Popen(
            [*self._bubblewrap(user, network=True), "--as-pid-1", "--info-fd", str(writer), *self._as(user), *words],
            env=self._environment(),
            pass_fds=[writer],
        )
        os.close(writer)
        with os.fdopen(reader) as info:
            running = Running(process, json.loads(info.read())["child-pid"])
        try:
            yield running
        finally:
            # The command itself: a change of the user undoes --die-with-parent. Bubblewrap ends with it.
            if process.poll() is None:
                os.kill(running.pid, signal.SIGKILL)
            process.wait()

    def exit_code(self, *words: str, user: int) -> int:
        """Run a command to its end, with its output where ours goes; return how it ended."""
        command = [*self._bubblewrap(user, network=True), *self._as(user), *words]
        return subprocess.run(command, env=self._environment(), check=False).returncode

    def _environment(self) -> dict[str, str]:
        return {**{name: os.environ[name] for name in _REGISTRIES if name in os.environ}, **self.env}

    def _bubblewrap(self, user: int, *, network: bool) -> list[str]:
        words = ["bwrap", "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
        if os.geteuid() != 0:
            words += ["--unshare-user", "--uid", str(user), "--gid", str(user)]
        else:
            words += [word for name in (_TO_BECOME if user else ("ALL",)) for word in ("--cap-add", name)]
        words += [] if network else ["--unshare-net"]
        words += ["--ro-bind" if user else "--bind", str(self.root), "/"]
        words += [word for path in self.shared for word in ("--ro-bind", str(path), str(path))]
        return [*words, "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--chdir", self.cwd]

    def _as(self, user: int) -> list[str]:
        drop = ["--clear-groups", "--bounding-set=-all", "--inh-caps=-all"]
        identity = [f"--reuid={user}", f"--regid={user}", *drop] if user and os.geteuid() == 0 else []
        return ["--", "setpriv", "--no-new-privs", *identity] if user else ["--"]


@dataclass(frozen=True)
class Running:
    """A command that runs."""

    process: subprocess.Popen[bytes]
    pid: int

    def terminate(self, timeout: float) -> int:
        """Ask it to stop, and return how it ended."""
        os.kill(self.pid, signal.SIGTERM)
        return self.process.wait(timeout)


def machine_sandbox(root: Path) -> Sandbox:
    """Make a root that has this machine's programs, and nothing else of it; its /usr cannot be written to."""
    for name in ("dev", "etc", "opt", "proc", "root", "tmp", "usr", "home", "run", "var"):
        (root / name).mkdir(parents=True)
    for name in _ETC:
        if (Path("/etc") / name).exists():
            shutil.copy(Path("/etc") / name, root / "etc" / name)
    for name in _MERGED:
        if (Path("/") / name).is_symlink():
            (root / name).symlink_to(f"usr/{name}")
    wanted = [Path("/usr"), Path("/etc/ssl"), Path("/etc/alternatives"), Path(sys.base_prefix)]
    shared = tuple(path for path in wanted if path.exists() and (path == wanted[0] or wanted[0] not in path.parents))
    for path in shared:
        (root / path.relative_to("/")).mkdir(parents=True, exist_ok=True)
    return Sandbox(root, shared)


def with_python(sandbox: Sandbox, python: str) -> Sandbox:
    """Put an environment of that Python where Python's image has the whole of it."""
    sandbox.run(python, "-m", "venv", "/opt/venv")
    return sandbox
