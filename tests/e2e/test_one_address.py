"""A browser, which is signed in at one address, and reaches every service there."""

from collections.abc import Iterator

import httpx
import pytest

from alerting.local.stack import Stack

CSRF = {"x-alerting-csrf": "1"}
ALERT = {"severity": "LOW", "source": "browser", "name": "Hello"}


@pytest.fixture
def browser(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.url("rule-service"), timeout=30) as browser:
        answer = browser.post("/api/v1/session", json={"key": stack.admin_key})
        assert answer.status_code == 201, answer.text
        yield browser


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/api/v1/session",
            "/api/v1/ui",
            "/api/v1/rules",
            "/api/v1/metrics/services",
            "/api/v1/metrics/notifications",
        ),
        *("/api/v1/jobs", "/api/v1/catalog", "/api/v1/rejects", "/api/v1/integrations"),
    ],
)
def test_it_reads(browser: httpx.Client, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/v1/match", ALERT, 200),
        ("/api/v1/jobs", {"kind": "one", **ALERT}, 201),
        ("/api/v1/preview", {"format": "native", "body": ALERT}, 200),
    ],
)
def test_it_writes_and_no_other_site_does(browser: httpx.Client, path: str, body: object, status: int) -> None:
    assert browser.post(path, json=body).status_code == 403
    answer = browser.post(path, json=body, headers=CSRF)
    assert answer.status_code == status, answer.text


def test_it_is_told_where_senders_send(browser: httpx.Client, stack: Stack) -> None:
    assert browser.get("/api/v1/ui").json()["ingest_url"] == stack.url("ingest")


def test_it_signs_out(browser: httpx.Client) -> None:
    assert browser.delete("/api/v1/session", headers=CSRF).status_code == 204
    for path in ("/api/v1/session", "/api/v1/rules", "/api/v1/metrics/services"):
        assert browser.get(path).status_code == 401
    assert browser.get("/").status_code == 200
