import orjson
import pytest

from alerting.aggregator.match import FIRST_SECOND, LAST_SECOND, read_match
from alerting.events.v1 import AlertMatched
from alerting.runtime.errors import Malformed


def matched(**fields: object) -> bytes:
    given = {"alert_id": "a1", "client_id": "acme", "event_ts": 1_700_000_000, "severity": 3, **fields}
    return AlertMatched(**given).SerializeToString()  # type: ignore[arg-type]


def test_all_fields_are_read() -> None:
    match = read_match(
        matched(source="api", name="timeout", context={"zone": "é", "": "x"}, rule_ids=["r2", "r1"], rules_version=7)
    )
    assert match.key == ("acme", "a1")
    assert (match.severity, match.source, match.name, match.event_ts) == ("HIGH", "api", "timeout", 1_700_000_000)
    assert orjson.loads(match.context) == {"zone": "é", "": "x"}
    assert (match.rule_ids, match.rules_version) == (["r2", "r1"], 7)


def test_seven_original_fields_and_a_client_are_enough() -> None:
    assert read_match(matched()).rules_version == 0


@pytest.mark.parametrize("severity", [0, 5, 99, -1])
def test_a_severity_that_nobody_knows_is_unspecified(severity: int) -> None:
    assert read_match(matched(severity=severity)).severity == "UNSPECIFIED"


@pytest.mark.parametrize(
    ("value", "reason", "word"),
    [
        (None, "empty", "value"),
        (b"", "empty", "value"),
        (b"\xff\xff", "undecodable", ""),
        (b"not protobuf at all", "undecodable", ""),
        (bytes.fromhex("0a02c328420461636d65"), "undecodable", ""),
        (matched(alert_id=""), "missing_field", "alert_id"),
        (matched(client_id=""), "missing_field", "client_id"),
        (matched(alert_id="a" * 256), "too_long", "alert_id"),
        (matched(client_id="é" * 256), "too_long", "client_id"),
        (matched(alert_id="a\0"), "invalid_field", "alert_id"),
        (matched(client_id="a\0"), "invalid_field", "client_id"),
        (matched(source="\0"), "invalid_field", "source"),
        (matched(name="a\0b"), "invalid_field", "name"),
        (matched(rule_ids=["r1", "r\0"]), "invalid_field", "rule_ids"),
        (matched(context={"\0": "x"}), "invalid_field", "context"),
        (matched(context={"x": "\0"}), "invalid_field", "context"),
        (matched(event_ts=LAST_SECOND + 1), "invalid_field", "event_ts"),
        (matched(event_ts=FIRST_SECOND - 1), "invalid_field", "event_ts"),
        (matched(event_ts=2**63 - 1), "invalid_field", "event_ts"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_its_field(value: bytes | None, reason: str, word: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_match(value)
    assert caught.value.reason == reason
    assert word in caught.value.detail


def test_limits_are_inclusive() -> None:
    match = read_match(matched(alert_id="é" * 255, client_id="c" * 255, event_ts=LAST_SECOND))
    assert match.event_ts == LAST_SECOND


def test_a_zero_byte_of_a_number_is_no_nul() -> None:
    value = matched(source="api") + b"\x10\x00"
    assert b"\0" in value
    assert read_match(value).source == "api"
