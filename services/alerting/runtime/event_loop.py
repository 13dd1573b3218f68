"""The event loop that the services run on."""

import asyncio
import sys


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Return a new loop, the fastest that there is for this machine."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop  # there is none for Windows  # noqa: PLC0415

    return uvloop.new_event_loop()
