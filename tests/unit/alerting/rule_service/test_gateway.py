"""Which paths are handed on, and to whom."""

import pytest

from alerting.rule_service.gateway import service_of


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/api/v1/metrics/pipeline", "metrics"),
        ("/api/v1/metrics/history", "metrics"),
        ("/api/v1/jobs", "alert-producer"),
        ("/api/v1/jobs/0199-a", "alert-producer"),
        ("/api/v1/jobs/0199-a/stop", "alert-producer"),
        ("/api/v1/catalog", "alert-producer"),
        ("/api/v1/rejects", "ingest"),
        ("/api/v1/integrations", "ingest"),
        ("/api/v1/integrations/my-prometheus", "ingest"),
        ("/api/v1/preview", "ingest"),
        ("/api/v1/jobs/a..b", "alert-producer"),
        ("/api/v1/jobs/...", "alert-producer"),
    ],
)
def test_these_are_handed_on(path: str, service: str) -> None:
    assert service_of(path) == service


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/metrics", "/healthz", "/docs", "/openapi.json", "/api/v1", "/api/v1/rules", "/api/v1/session",
        "/api/v1/alerts", "/api/v2/alerts", "/v2/enqueue", "/integrations/x/grafana", "/api/v1/metrics",
        "/api/v1/metrics/", "/api/v1/jobs/", "/api/v1/jobs/a/", "/api/v1/jobsx", "/api/v1/previews",
        "/api/v1/rejects/x", "/api/v1/catalog/x", "/x/api/v1/jobs", "//api/v1/jobs",
        "/api/v1//jobs", "/api/v1/jobs//a", "/API/v1/jobs",
        "/api/v1/jobs/.", "/api/v1/jobs/..", "/api/v1/jobs/../rules", "/api/v1/jobs/a/../../alerts", "/api/v1/./jobs",
        "/api/v1/metrics/../../../metrics", "/api/v1/metrics/..", "/api/v1/metrics/./x", "/api/v1/metrics/..;/x",
        "/api/v1/jobs/%2e%2e", "/api/v1/jobs/a%2fb", "/api/v1/jobs/a\\b", "/api/v1/jobs/a?b", "/api/v1/jobs/a#b",
        "/api/v1/jobs/a b", "/api/v1/jobs/a\n", "/api/v1/jobs\n", "/api/v1/jobs/\0", "/api/v1/jobs/é",
        "/api/v1/jobs/a;b",
    ],
)  # fmt: skip
def test_nothing_else_is(path: str) -> None:
    assert service_of(path) is None
