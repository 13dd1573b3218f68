"""A tenant of the end-to-end tests: its rules, its endpoints, and what it received."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import httpx

from alerting.local.sinks import Arrival, Sinks
from alerting.local.stack import Stack


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something to be so, and fail with its name when it is not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


@dataclass(frozen=True)
class Tenant:
    id: str
    client: httpx.Client
    stack: Stack
    sinks: Sinks

    @classmethod
    def create(cls, client: httpx.Client, stack: Stack, sinks: Sinks) -> Self:
        tenant = cls(f"tenant-{secrets.token_hex(4)}", client, stack, sinks)
        tenant.post("rule-service", "/api/v1/clients", {"id": tenant.id, "name": tenant.id})
        return tenant

    def post(self, service: str, path: str, body: object) -> Any:
        response = self.client.post(self.stack.url(service) + path, json=body)
        assert response.is_success, response.text
        return response.json()

    def get(self, service: str, path: str) -> Any:
        response = self.client.get(self.stack.url(service) + path)
        assert response.is_success, response.text
        return response.json()

    @property
    def webhook(self) -> str:
        return self.sinks.webhook_url(self.id)

    def rule(self, severity: str, source: str, name: str, *, webhook: str | None = None) -> str:
        """Create a rule with a webhook, and return the rule's id."""
        body = {"severity": severity, "source": source, "name": name}
        rule_id: str = self.post("rule-service", f"/api/v1/clients/{self.id}/rules", body)["id"]
        self.post(
            "rule-service",
            f"/api/v1/rules/{rule_id}/endpoints",
            {"type": "webhook", "value": webhook or self.webhook},
        )
        return rule_id

    def settle(self) -> None:
        """Wait until every evaluator has the rules as they are now."""
        wanted = self.stack.rules_version()
        wait_until(lambda: self.stack.evaluator_version() >= wanted, 20, f"evaluators at version {wanted}")

    def send(self, *alerts: Mapping[str, object]) -> list[str]:
        ids: list[str] = self.post("ingest", "/api/v1/alerts", list(alerts))["alert_ids"]
        return ids

    def received(self) -> list[Arrival]:
        """Return what came to the tenant's webhook."""
        return [arrival for arrival in self.sinks.arrivals if arrival.to == f"/webhook/{self.id}"]

    def notifications(self) -> list[dict[str, Any]]:
        """Return all of the tenant's notifications."""
        items: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.get("rule-service", f"/api/v1/notifications?client_id={self.id}&limit=500{cursor}")
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = f"&cursor={page['next_cursor']}"
