from typing import Any

import pytest

from alerting.runtime.database import async_pool
from alerting.runtime.ids import new_id
from alerting.sender.delivery import Address
from alerting.sender.disabling import Disabling
from alerting.sender.receiver_health import Hopeless
from alerting.sender.settings import SenderSettings
from fix_delivery import Tenants

SECRET = "hunter2-which-is-long-enough-to-be-a-token"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("apprise", f"tgram://{SECRET}/42"),
        ("apprise", f"opsgenie://{SECRET}"),
        ("slack", f"https://hooks.slack.com/services/{SECRET}/B1"),
        ("webhook", f"https://example.com/hook?token={SECRET}"),
    ],
)
async def test_what_is_secret_in_an_address_is_not_told_to_another_endpoint(
    tenants: Tenants, kind: str, value: str
) -> None:
    tenants.rule("r1", (kind, value), ("email", "oncall@example.com"))
    async with async_pool(SenderSettings(postgres_dsn=tenants.dsn)) as pool:
        await Disabling(pool, new_id).disable([Hopeless(Address("acme", kind, value), "failing", "no answer in time")])
    ((context,),) = tenants.execute("SELECT context FROM notifications")
    assert SECRET not in str(context)
    assert context["type"] == kind
    assert context["to"].startswith(value.partition("://")[0])
    told: list[tuple[Any, ...]] = tenants.execute("SELECT value FROM deliveries")
    assert told == [("oncall@example.com",)]


async def test_to_disable_it_twice_tells_once(tenants: Tenants) -> None:
    tenants.rule("r1", ("webhook", "https://example.com/"), ("email", "oncall@example.com"))
    hopeless = Hopeless(Address("acme", "webhook", "https://example.com/"), "gone", "the receiver answered 410 Gone")
    async with async_pool(SenderSettings(postgres_dsn=tenants.dsn)) as pool:
        for _ in range(2):
            await Disabling(pool, new_id).disable([hopeless])
    assert tenants.execute("SELECT count(*) FROM notifications") == [(1,)]
    assert tenants.execute("SELECT count(*) FROM audit_log") == [(1,)]
