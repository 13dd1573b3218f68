import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind, StatusCode

from alerting.sender.attempt_span import attempting
from alerting.sender.delivery import Delivery, DeliveryError, Receipt
from fix_delivery import make_delivery
from fix_tracing import SAMPLED, UNSAMPLED, Kept, parent_of, traceparent_of

SECRET = "s3cr3t"
HOOK = f"https://user:{SECRET}@hooks.example.com:8443/{SECRET}?token={SECRET}"


def attempted(
    answer: Receipt | DeliveryError, outcome: str = "retried", host: str = "hooks.example.com:8443", **fields: object
) -> ReadableSpan:
    kept = Kept()
    delivery = make_delivery(value=HOOK, traceparent=SAMPLED, **fields)
    with attempting(kept.tracing, delivery, lambda _delivery: host) as span:
        span.note(answer, outcome)
    return kept.span()


def about(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


def test_an_attempt_is_a_request_to_a_host_of_which_no_more_is_told() -> None:
    span = attempted(Receipt(204, SECRET), "delivered")
    assert (span.name, span.kind, parent_of(span)) == ("deliver webhook", SpanKind.CLIENT, SAMPLED)
    assert span.status.status_code is StatusCode.UNSET
    assert about(span) == {
        "alerting.client.id": "acme",
        "alerting.alert.id": "a1",
        "alerting.notification.id": "01a208c8-9bc3-7249-aca4-4a690561b141",
        "alerting.delivery.id": "01a208c8-9bc3-7249-a4ba-a14b1b409936",
        "alerting.delivery.channel": "webhook",
        "alerting.delivery.attempt": 1,
        "alerting.delivery.outcome": "delivered",
        "http.request.method": "POST",
        "http.response.status_code": 204,
        "server.address": "hooks.example.com",
        "server.port": 8443,
    }
    assert SECRET not in span.to_json()


def test_a_repetition_that_is_refused() -> None:
    span = attempted(DeliveryError("the receiver answered 503", status=503, response=SECRET), attempt=3)
    told = about(span)
    assert (told["http.request.resend_count"], told["http.response.status_code"], told["error.type"]) == (2, 503, "503")
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "the receiver answered 503")
    assert SECRET not in span.to_json()


def test_no_answer_is_told_by_its_cause() -> None:
    error = DeliveryError("no connection to hooks.example.com:8443")
    error.__cause__ = ConnectionRefusedError()
    told = about(attempted(error))
    assert told["error.type"] == "ConnectionRefusedError"
    assert "http.response.status_code" not in told


@pytest.mark.parametrize(
    ("kind", "host", "named"),
    [
        ("webhook", "[::1]", ("::1", None)),
        ("webhook", f"not a URL [{SECRET}", (None, None)),
        ("webhook", "hooks.example.com:99999", (None, None)),
        ("webhook", "", (None, None)),
        ("slack", "hooks.slack.com", ("hooks.slack.com", None)),
        ("email", "smtp://mail.example.com:25", ("mail.example.com", 25)),
        ("email", "ses", (None, None)),
        ("apprise", "apprise:discord", (None, None)),
    ],
)
def test_the_host_of_each_channel(kind: str, host: str, named: tuple[str | None, int | None]) -> None:
    span = attempted(Receipt(250, ""), host=host, type=kind)
    assert span.name == f"deliver {kind}"
    assert (about(span).get("server.address"), about(span).get("server.port")) == named
    assert SECRET not in span.to_json()


def test_what_is_no_http_has_no_status_of_http() -> None:
    told = about(attempted(Receipt(250, ""), host="smtp://mail", type="email"))
    assert told["alerting.response.status_code"] == 250
    assert not [name for name in told if name.startswith("http.")]


def test_what_is_sent_carries_the_attempt() -> None:
    kept = Kept()
    with attempting(kept.tracing, make_delivery(traceparent=SAMPLED), lambda _delivery: "") as span:
        sent = span.delivery
    assert sent.traceparent == traceparent_of(kept.span())


@pytest.mark.parametrize("traceparent", [None, UNSAMPLED, "nonsense"])
def test_a_delivery_without_a_trace_has_no_span(traceparent: str | None) -> None:
    kept, delivery = Kept(), make_delivery(traceparent=traceparent)

    def ask(_delivery: Delivery) -> str:
        raise AssertionError("nobody asks for the host")

    with attempting(kept.tracing, delivery, ask) as span:
        span.note(Receipt(200, ""), "delivered")
    assert span.delivery is delivery
    assert kept.spans() == []


def test_where_traces_are_off_the_trace_goes_on_as_it_came() -> None:
    delivery = make_delivery(traceparent=SAMPLED)
    with attempting(None, delivery, lambda _delivery: "") as span:
        assert span.delivery is delivery


def test_an_attempt_that_is_broken_off_has_a_span_all_the_same() -> None:
    kept = Kept()
    with pytest.raises(KeyboardInterrupt), attempting(kept.tracing, make_delivery(traceparent=SAMPLED), lambda _: ""):
        raise KeyboardInterrupt
    assert (about(kept.span())["error.type"], kept.span().status.is_ok) == ("KeyboardInterrupt", False)
