"""Plays the demo's story against a running platform, through its HTTP interfaces only."""

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Final

import aiohttp

from alerting.alert_producer.catalog import load_catalog
from alerting.local import story
from alerting.local.outcome import Outcome, judge
from alerting.local.sinks import Sinks, running_sinks
from alerting.local.stack import Stack, StackError
from alerting.local.story import StoryAlert, StoryEndpoint, StoryRule

ALERTS: Final = 2_000

_BATCH: Final = 20
_PER_SECOND: Final = 150
_AT_ONCE: Final = 8
_RULES_SECONDS: Final = 20.0
_QUIET_SECONDS: Final = 20.0
_TWICE_SECONDS: Final = 1.0
"""How long a duplicate is waited for, when everything has arrived."""

Advance = Callable[[str, int, int], None]
"""Told what is going on, how much of it is done, and how much there is."""


def sink_settings(sinks: Sinks) -> dict[str, str]:
    """Return the settings with which a sender reaches receivers on loopback, which it refuses otherwise."""
    return {
        "ALERTING_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
        "ALERTING_ALLOW_INSECURE_ENDPOINTS": "true",
        "ALERTING_SMTP_HOST": sinks.smtp_host,
        "ALERTING_SMTP_PORT": str(sinks.smtp_port),
        "ALERTING_SMTP_STARTTLS": "never",
        # All mail and all of Slack at once: the story's receivers can take it.
        "ALERTING_CHANNEL_RATES": "{}",
        "ALERTING_RECEIVER_RATES": "{}",
        "ALERTING_HEARTBEAT_INTERVAL": "1",
    }


async def play(make_stack: Callable[[dict[str, str]], Stack], *, seed: str, count: int, advance: Advance) -> Outcome:
    """Start the receivers and the platform, play the story, and say how it went."""
    async with running_sinks() as sinks:
        stack = make_stack(sink_settings(sinks))
        await asyncio.to_thread(stack.start)
        try:
            return await _Demo(stack, sinks, seed, advance).run(count)
        finally:
            await asyncio.to_thread(stack.close)


class _Demo:
    """One telling of the story, under ids that no other telling has."""

    def __init__(self, stack: Stack, sinks: Sinks, seed: str, advance: Advance) -> None:
        self._stack = stack
        self._sinks = sinks
        self._seed = seed
        self._run = secrets.token_hex(4)
        self._advance = advance
        self._sent_at: dict[str, float] = {}

    async def run(self, count: int) -> Outcome:
        catalog = load_catalog()
        rules = story.rules(self._seed, catalog, self._endpoints())
        alerts = story.alerts(self._seed, self._run, catalog, count)
        twice = story.resent(self._seed, alerts)
        expected = story.expect(rules, alerts)
        headers = {"authorization": f"Bearer {self._stack.admin_key}"}
        async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(30)) as session:
            await self._create(session, rules)
            await self._send(session, [*alerts, *twice])
            await self._arrive(len(expected.deliveries))
            notified = await self._notifications(session, {client_id for client_id, _ in expected.notifications})
        return judge(
            expected,
            self._sinks.arrivals,
            base_url=self._sinks.http_url,
            sent_at=self._sent_at,
            sent_twice=len(twice),
            notifications=notified,
        )

    def _endpoints(self) -> dict[str, Sequence[StoryEndpoint]]:
        """Return, for each tenant, a webhook, a Slack channel and a mailbox."""
        return {
            (client_id := f"{tenant}-{self._run}"): (
                StoryEndpoint("webhook", self._sinks.webhook_url(client_id)),
                StoryEndpoint("slack", self._sinks.slack_url(client_id)),
                StoryEndpoint("email", f"oncall@{client_id}.example"),
            )
            for tenant in story.TENANTS
        }

    async def _post(self, session: aiohttp.ClientSession, url: str, body: object, expected: int) -> dict[str, object]:
        async with session.post(url, json=body) as response:
            if response.status != expected:
                raise StackError(f"POST {url}: {response.status} {await response.text()}")
            answer: dict[str, object] = await response.json()
            return answer

    async def _create(self, session: aiohttp.ClientSession, rules: Sequence[StoryRule]) -> None:
        api = f"{self._stack.url('rule-service')}/api/v1"
        for client_id in dict.fromkeys(rule.client_id for rule in rules):
            await self._post(session, f"{api}/clients", {"id": client_id, "name": client_id.split("-")[0]}, 201)
        room = asyncio.Semaphore(_AT_ONCE)
        done = 0

        async def create(rule: StoryRule) -> None:
            nonlocal done
            async with room:
                body = {"severity": rule.severity, "source": rule.source, "name": rule.name}
                made = await self._post(session, f"{api}/clients/{rule.client_id}/rules", body, 201)
                for endpoint in rule.endpoints:
                    where = {"type": endpoint.type, "value": endpoint.value}
                    await self._post(session, f"{api}/rules/{made['id']}/endpoints", where, 201)
            done += 1
            self._advance("rules", done, len(rules))

        await asyncio.gather(*map(create, rules))
        version = await asyncio.to_thread(self._stack.rules_version)
        deadline = time.monotonic() + _RULES_SECONDS
        while await asyncio.to_thread(self._stack.evaluator_version) < version:
            if time.monotonic() > deadline:
                raise StackError(f"no evaluator has the rules of version {version} after {_RULES_SECONDS:g} s")
            await asyncio.sleep(0.1)

    async def _send(self, session: aiohttp.ClientSession, alerts: Sequence[StoryAlert]) -> None:
        url = f"{self._stack.url('ingest')}/api/v1/alerts"
        begin = time.monotonic()
        for first in range(0, len(alerts), _BATCH):
            await asyncio.sleep(max(0.0, begin + first / _PER_SECOND - time.monotonic()))
            batch = alerts[first : first + _BATCH]
            at = time.monotonic()
            body = [
                {"alert_id": one.alert_id, "severity": one.severity, "source": one.source, "name": one.name}
                for one in batch
            ]
            await self._post(session, url, body, 202)
            for one in batch:
                self._sent_at.setdefault(one.alert_id, at)
            self._advance("alerts", first + len(batch), len(alerts))

    async def _arrive(self, expected: int) -> None:
        """Wait until all has arrived, or nothing more does; then a moment more, for what comes twice."""
        arrivals = self._sinks.arrivals
        before, quiet_since = -1, time.monotonic()
        while len(arrivals) < expected and time.monotonic() - quiet_since < _QUIET_SECONDS:
            if len(arrivals) != before:
                before, quiet_since = len(arrivals), time.monotonic()
            self._advance("deliveries", len(arrivals), expected)
            await asyncio.sleep(0.05)
        await asyncio.sleep(_TWICE_SECONDS)
        self._advance("deliveries", len(arrivals), expected)

    async def _notifications(self, session: aiohttp.ClientSession, client_ids: set[str]) -> int:
        """Count what the API lists."""
        count = 0
        for client_id in sorted(client_ids):
            cursor: str | None = ""
            while cursor is not None:
                params = {"client_id": client_id, "limit": "500"} | ({"cursor": cursor} if cursor else {})
                url = f"{self._stack.url('rule-service')}/api/v1/notifications"
                async with session.get(url, params=params) as response:
                    if response.status != 200:
                        raise StackError(f"GET {url}: {response.status} {await response.text()}")
                    page = await response.json()
                count += len(page["items"])
                cursor = page["next_cursor"]
        return count
