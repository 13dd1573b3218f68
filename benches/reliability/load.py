"""Alerts at a steady rate, each sent until it is accepted, as a sender that cares does."""

import asyncio
import time
from typing import Final

import aiohttp

from benches.reliability.ledger import Ledger

SOURCE: Final = "chaos"
_SEVERITIES: Final = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
_MOST_WAITING: Final = 500
_REQUEST_SECONDS: Final = 10.0
_PAUSE: Final = 0.5


class Load:
    """Sends until it is stopped."""

    def __init__(self, url: str, key: str, ledger: Ledger, *, rate: float) -> None:
        self._url = f"{url}/api/v1/alerts"
        self._headers = {"authorization": f"Bearer {key}"}
        self._ledger = ledger
        self._rate = rate
        self.sent = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop, then until all that was sent is accepted."""
        room = asyncio.Semaphore(_MOST_WAITING)
        timeout = aiohttp.ClientTimeout(_REQUEST_SECONDS)
        async with (
            aiohttp.ClientSession(headers=self._headers, timeout=timeout) as session,
            asyncio.TaskGroup() as all_,
        ):
            due = time.monotonic()
            while not stop.is_set():
                await room.acquire()
                all_.create_task(self._send(session, self.sent, room))
                self.sent += 1
                due = max(due + 1 / self._rate, time.monotonic() - 1.0)
                await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _send(self, session: aiohttp.ClientSession, number: int, room: asyncio.Semaphore) -> None:
        alert = {
            "alert_id": f"chaos-{number}",
            "severity": _SEVERITIES[number % len(_SEVERITIES)],
            "source": SOURCE,
            "name": f"Alert{number % 7}",
        }
        while not await self._accepted(session, alert):
            self._ledger.refused_requests += 1
            await asyncio.sleep(_PAUSE)
        self._ledger.accepted[alert["alert_id"]] = time.monotonic()
        room.release()

    async def _accepted(self, session: aiohttp.ClientSession, alert: dict[str, str]) -> bool:
        try:
            async with session.post(self._url, json=alert) as response:
                if 400 <= response.status < 500:
                    raise RuntimeError(f"ingest refuses what is right: {response.status} {await response.text()}")
                return response.status == 202
        except (aiohttp.ClientError, TimeoutError):
            return False
