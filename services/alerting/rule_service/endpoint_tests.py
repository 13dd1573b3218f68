"""``POST /api/v1/endpoints/{endpoint_id}/test``: what the receiver answers to a notification that is made for it.

The real sender attempts it, so the answer is that of the network, the limits, the signature and the credentials that
alerts have. It is a row among all others, attempted once and before them; nobody else is told when it fails.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from fastapi import Request

from alerting.deliveries.trial import Status, Trial, begin_trial, look_at_trial
from alerting.rule_service.access import Tenant, found, problems, router
from alerting.rule_service.store import audit, clients, endpoints
from alerting.rule_service.transactions import Database, Transactions
from alerting.rule_service.values import EndpointPathId
from alerting.runtime.auth import Principal
from alerting.runtime.described import Described
from alerting.runtime.ids import new_id
from alerting.runtime.problem import Problem

_WAIT_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 0.1
_AT_A_TIME: Final = 5

routes = router("endpoints")


class TestAttempt(Described):
    """How the attempt went."""

    started_at: datetime
    """When the attempt began, in UTC."""
    latency_ms: float
    """How long it took, in milliseconds."""
    status_code: int | None
    """HTTP's or SMTP's; null when there was no answer."""
    error: str | None
    """Why it failed; null when it did not."""
    response: str | None
    """The beginning of what the receiver answered; null when it answered nothing."""


class TestResult(Described):
    """What came of a test."""

    notification_id: UUID
    """The notification that was made for the test."""
    delivery_id: UUID
    """Its one delivery."""
    status: Status
    """How the delivery stands."""
    attempt: TestAttempt | None
    """How the attempt went; null when it has not ended yet."""
    waiting_for: str | None
    """What an attempt that has not ended within 15 seconds waits for; null when it has."""


class TestsUnderWay:
    """How many tests each client waits for, in this process."""

    def __init__(self) -> None:
        self._clients: Counter[str] = Counter()

    @contextmanager
    def one_more(self, client_id: str) -> Iterator[None]:
        """Count one test of a client while the block runs.

        Raises
        ------
        Problem
            429: the client waits for enough of them.
        """
        if self._clients[client_id] >= _AT_A_TIME:
            detail = f"{_AT_A_TIME} tests of this client are under way: wait for their answers"
            raise Problem(429, detail, headers={"retry-after": "1"})
        self._clients[client_id] += 1
        try:
            yield
        finally:
            self._clients[client_id] -= 1
            self._clients += Counter()


@routes.post(
    "/endpoints/{endpoint_id}/test",
    responses=problems(404, 409, 429),
    response_description="What came of the test, be it delivered or not",
)
async def send_test(caller: Tenant, database: Database, endpoint_id: EndpointPathId, request: Request) -> TestResult:
    """Send a notification to this endpoint only, and wait up to 15 seconds for what its receiver answers.

    The sender makes one attempt, as it makes any other. The notification stays on record.
    """
    under_way: TestsUnderWay = request.app.state.tests_under_way
    async with database.read() as connection:
        client_id = found(await endpoints.find(connection, endpoint_id, caller.client_id), "endpoint")["client_id"]
    with under_way.one_more(client_id):
        notification_id, delivery_id = await _begin(database, endpoint_id, caller)
        trial = await _first_attempt(database, delivery_id)
    return TestResult(
        notification_id=UUID(notification_id),
        delivery_id=UUID(delivery_id),
        status=trial.status,
        attempt=TestAttempt.model_validate(trial.attempt) if trial.attempt else None,
        waiting_for=waiting_for(trial),
    )


async def _begin(database: Transactions, endpoint_id: str, caller: Principal) -> tuple[str, str]:
    notification_id = new_id()
    async with database.write() as connection:
        endpoint = found(await endpoints.find(connection, endpoint_id, caller.client_id, lock=True), "endpoint")
        if not endpoint["enabled"]:
            raise Problem(409, "the endpoint is disabled: enable it to test it")
        if not found(await clients.find(connection, endpoint["client_id"]), "client")["enabled"]:
            raise Problem(409, "the client is disabled")
        about = "Somebody tests whether this endpoint works. Nothing has happened."
        delivery_id = await begin_trial(connection, notification_id, endpoint, about)
        detail = {"notification_id": notification_id}
        await audit.write(connection, caller.key_id, "tested", "endpoint", endpoint_id, endpoint["client_id"], detail)
    return notification_id, delivery_id


async def _first_attempt(database: Transactions, delivery_id: str) -> Trial:
    """Return how the delivery goes: when its attempt has ended, or when that takes too long."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        async with database.read() as connection:
            trial = await look_at_trial(connection, delivery_id)
        if trial.attempt is not None or trial.status != "PENDING" or time.monotonic() > deadline:
            return trial
        await asyncio.sleep(_LOOK_SECONDS)


def waiting_for(trial: Trial) -> str | None:
    """Say in words why there is no answer yet."""
    if trial.attempt is not None or trial.status != "PENDING":
        return None
    if trial.leased:
        return "the receiver's answer"
    if trial.open_until is not None:
        until = f"{trial.open_until.astimezone(UTC):%H:%M:%S} UTC"
        return f"the receiver, which is left alone until {until} because so much failed"
    if trial.put_off:
        return "its turn: this receiver or channel is not sent more at a time"
    return "a sender: none has taken it up; does one run?"
