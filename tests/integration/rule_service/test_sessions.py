"""Signing in, being signed in, and signing out, as a browser does."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from alerting import __version__
from alerting.runtime.session import hash_token
from fix_rule_service import RuleService, add_key

SESSION = "/api/v1/session"
CSRF = {"x-alerting-csrf": "1"}


@pytest.fixture
async def browser(service: RuleService) -> AsyncIterator[httpx.AsyncClient]:
    """Keeps cookies, and has no key."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(service.app), base_url="http://rules") as browser:
        yield browser


async def sign_in(browser: httpx.AsyncClient, key: str, **headers: str) -> Any:
    answer = await browser.post(SESSION, json={"key": key}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_tenant_signs_in_works_and_signs_out(service: RuleService, browser: httpx.AsyncClient) -> None:
    await service.rows("INSERT INTO clients (id, name) VALUES ('acme', 'Acme Corporation') RETURNING id")
    made = await service.admin.made("/keys", {"name": "phone", "scope": "client:acme"})
    assert (await browser.get(SESSION)).status_code == 401

    answer = await browser.post(SESSION, json={"key": made["key"]})
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    flags = {part.partition("=")[0].lower() for part in answer.headers["set-cookie"].split("; ")}
    assert flags == {"alerting_session", "httponly", "max-age", "path", "samesite"}
    session = answer.json()
    token = browser.cookies["alerting_session"]
    assert token not in answer.text
    assert made["key"] not in answer.text
    ends = datetime.fromisoformat(session.pop("expires_at")) - datetime.now(UTC)
    assert timedelta(hours=11, minutes=55) < ends <= timedelta(hours=12)
    assert session == {
        "key_id": made["id"], "name": "phone", "scope": "client:acme", "client_id": "acme",
        "client_name": "Acme Corporation", "version": __version__,
    }  # fmt: skip

    again = await browser.get(SESSION)
    assert again.status_code == 200
    assert {name: again.json()[name] for name in session} == session
    assert (await browser.get("/api/v1/rules-version")).status_code == 200
    assert (await browser.get("/api/v1/keys")).status_code == 403

    assert (await browser.delete(SESSION)).status_code == 403, "another site's page cannot sign one out"
    out = await browser.delete(SESSION, headers=CSRF)
    assert out.status_code == 204
    assert "alerting_session" not in browser.cookies
    assert await service.rows("SELECT * FROM sessions") == []
    kept = {"cookie": f"alerting_session={token}"}
    assert (await browser.get(SESSION, headers=kept)).status_code == 401, "who kept the cookie has nothing"


async def test_an_admins_session(service: RuleService, browser: httpx.AsyncClient) -> None:
    session = await sign_in(browser, f"  {service.admin.key}\n")
    assert (session["scope"], session["client_id"], session["client_name"]) == ("admin", None, None)
    assert (await browser.get("/api/v1/keys")).status_code == 200
    key = {"name": "ci", "scope": "ingest"}
    assert (await browser.post("/api/v1/keys", json=key)).status_code == 403
    assert (await browser.post("/api/v1/keys", json=key, headers=CSRF)).status_code == 201
    written = await service.rows("SELECT actor FROM audit_log")
    assert written == [{"actor": session["key_id"]}], "what is done in a session, its key has done"


async def test_only_the_tokens_hash_is_kept(service: RuleService, browser: httpx.AsyncClient) -> None:
    await sign_in(browser, str(service.admin.key))
    token = browser.cookies["alerting_session"]
    (row,) = await service.rows("SELECT * FROM sessions")
    assert row["token_hash"] == hash_token(token)
    assert token not in str(row)


async def test_a_token_that_was_planted_is_never_used(service: RuleService, browser: httpx.AsyncClient) -> None:
    browser.cookies.set("alerting_session", "planted")
    await sign_in(browser, str(service.admin.key))
    assert "planted" not in {cookie.value for cookie in browser.cookies.jar if cookie.domain == "rules.local"}
    planted = await browser.get(SESSION, headers={"cookie": "alerting_session=planted"})
    assert planted.status_code == 401


async def test_signing_in_again_ends_the_session_before(service: RuleService, browser: httpx.AsyncClient) -> None:
    await sign_in(browser, str(service.admin.key))
    before = {"cookie": f"alerting_session={browser.cookies['alerting_session']}"}
    assert (await browser.get(SESSION, headers=before)).status_code == 200
    await sign_in(browser, await add_key(service.dsn, "ingest"))
    assert (await browser.get(SESSION, headers=before)).status_code == 401
    assert (await browser.get(SESSION)).json()["scope"] == "ingest"
    assert len(await service.rows("SELECT * FROM sessions")) == 1


@pytest.mark.parametrize("state", ["expired", "revoked"])
async def test_a_key_that_has_ended_opens_nothing(service: RuleService, browser: httpx.AsyncClient, state: Any) -> None:
    answer = await browser.post(SESSION, json={"key": await add_key(service.dsn, "admin", state=state)})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert await service.rows("SELECT * FROM sessions") == []


async def test_a_key_that_was_revoked_elsewhere_a_moment_ago_opens_nothing(
    service: RuleService, browser: httpx.AsyncClient
) -> None:
    key = await add_key(service.dsn, "ingest")
    used = await service.http.get(SESSION, headers={"authorization": f"Bearer {key}"})
    assert used.status_code == 404, "known from now on, for five seconds"
    await service.rows("UPDATE api_keys SET revoked_at = now() WHERE scope = 'ingest' RETURNING id")
    assert (await browser.post(SESSION, json={"key": key})).status_code == 401
    assert await service.rows("SELECT * FROM sessions") == []


async def test_a_session_ends_with_its_key(service: RuleService, browser: httpx.AsyncClient) -> None:
    end = datetime.now(UTC) + timedelta(hours=1)
    made = await service.admin.made("/keys", {"name": "x", "scope": "admin", "expires_at": end.isoformat()})
    answer = await browser.post(SESSION, json={"key": made["key"]})
    assert datetime.fromisoformat(answer.json()["expires_at"]) == end
    assert 3_500 < int(answer.headers["set-cookie"].lower().partition("max-age=")[2].partition(";")[0]) <= 3_600
    assert (await browser.get(SESSION)).status_code == 200
    assert (await service.admin.delete(f"/keys/{made['id']}")).status_code == 204
    assert (await browser.get(SESSION)).status_code == 401, "revoked, and at once here"


async def test_a_session_ends_with_its_tenant(service: RuleService, browser: httpx.AsyncClient) -> None:
    await service.rows("INSERT INTO clients (id, name) VALUES ('acme', 'Acme') RETURNING id")
    await sign_in(browser, await add_key(service.dsn, "client:acme"))
    assert (await service.admin.delete("/clients/acme")).status_code == 204
    # Within five seconds everywhere, because the key is revoked; the session's own row is asked at once.
    assert (await browser.get(SESSION)).status_code == 401


async def test_over_https_the_cookie_says_so(service: RuleService, browser: httpx.AsyncClient) -> None:
    answer = await browser.post(SESSION, json={"key": service.admin.key}, headers={"x-forwarded-proto": "https"})
    assert "; Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('{"key": "KEY"}', "text/plain"),
        ('{"key": "KEY"}', None),
        ("key=KEY", "application/x-www-form-urlencoded"),
        ('--x\r\ncontent-disposition: form-data; name="key"\r\n\r\nKEY\r\n--x--', "multipart/form-data; boundary=x"),
    ],
)
async def test_another_sites_form_signs_nobody_in(
    service: RuleService, browser: httpx.AsyncClient, content: str, kind: str | None
) -> None:
    headers = {} if kind is None else {"content-type": kind}
    body = content.replace("KEY", str(service.admin.key)).encode()
    answer = await browser.post(SESSION, content=body, headers=headers)
    assert answer.status_code == 415
    assert str(service.admin.key) not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "body", [{}, {"key": ""}, {"key": None}, {"key": 1}, {"key": "x" * 256}, {"key": "x", "more": 1}, []]
)
async def test_a_wrong_body_is_told_and_not_repeated(
    service: RuleService, browser: httpx.AsyncClient, body: Any
) -> None:
    answer = await browser.post(SESSION, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] in {"key", "more", "body"}
    assert "xxx" not in answer.text


async def test_ten_wrong_keys_a_minute_are_too_many(service: RuleService, browser: httpx.AsyncClient) -> None:
    for _ in range(3):
        await sign_in(browser, str(service.admin.key))
    for number in range(10):
        wrong = await browser.post(SESSION, json={"key": f"ak_{number}_x"})
        assert wrong.status_code == 401
        assert wrong.json()["detail"] == "this is not a valid API key"
    answer = await browser.post(SESSION, json={"key": service.admin.key})
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert (await browser.get(SESSION)).status_code == 200, "who is signed in stays so"


async def test_a_wrong_body_or_a_database_that_is_away_is_no_wrong_key(
    service: RuleService, browser: httpx.AsyncClient
) -> None:
    for _ in range(11):
        assert (await browser.post(SESSION, json={})).status_code == 422
    await service.app.state.authenticator._pool.close()
    for _ in range(11):
        answer = await browser.post(SESSION, json={"key": service.admin.key})
        assert answer.status_code == 503, answer.text


async def test_signing_out_twice_is_no_error(service: RuleService, browser: httpx.AsyncClient) -> None:
    await sign_in(browser, str(service.admin.key))
    stale = CSRF | {"cookie": f"alerting_session={browser.cookies['alerting_session']}"}
    for _ in range(2):
        out = await browser.delete(SESSION, headers=stale)
        assert out.status_code == 204
        assert "max-age=0" in out.headers["set-cookie"].lower()
    assert (await browser.delete(SESSION)).status_code == 204


async def test_what_is_over_is_removed_and_a_key_has_a_hundred_sessions(
    service: RuleService, browser: httpx.AsyncClient
) -> None:
    key = await add_key(service.dsn, "ingest")
    (row,) = await service.rows("SELECT id FROM api_keys WHERE scope = 'ingest'")
    await service.rows(
        "INSERT INTO sessions (token_hash, key_id, created_at, expires_at)"
        " SELECT sha256(n::text::bytea), %s, now() - n * interval '1 second',"
        "        now() + CASE WHEN n <= 150 THEN interval '1 hour' ELSE interval '-1 hour' END"
        " FROM generate_series(1, 300) AS n RETURNING key_id",
        row["id"],
    )
    await sign_in(browser, key)
    kept = await service.rows("SELECT token_hash FROM sessions ORDER BY created_at DESC")
    assert len(kept) == 100
    assert kept[0]["token_hash"] == hash_token(browser.cookies["alerting_session"]), "the newest stay"


async def test_a_request_with_a_key_has_no_session(service: RuleService) -> None:
    answer = await service.admin.get("/session")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "the request has a key, and no session"
