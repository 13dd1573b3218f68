"""Becomes a command that ends with the process that started it: python tether.py PARENT SIGNAL USER COMMAND...

It is a program of its own, not a ``preexec_fn``: Python may not run in a fork of a process that has threads. It is run
with ``-I -S``, from the file, so it imports nothing of the platform and costs 20 ms.
"""

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, death_signal: int, user: str, command: list[str]) -> None:
    """Become the command, as the user if one is named."""
    if user:
        account = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
    # A supervisor that is killed with -9 cannot stop its children. The kernel can; a change of user makes it forget.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:  # gone before the kernel was asked
        sys.exit("tether: the parent is gone")
    # Python ignores these, which the command would inherit.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execv(command[0], command)  # noqa: S606 (no shell is the purpose)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
