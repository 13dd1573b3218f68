"""The routers against each other and against the real protobuf runtime."""

from typing import Any

import pytest
from hypothesis import given, target
from hypothesis import strategies as st

from fix_impl import Implementation
from fix_proto import AlertMatched, AlertNew, parse, severity_word, unknown_fields
from fix_strategies import good_payloads, payloads, versions
from matchcore import Rule, WireError

ALERT_FIELDS = ("alert_id", "schema_version", "event_ts", "severity", "source", "name", "context")
ADDED = (8, 9, 10)

WORDS = ("*", "", "LOW", "MEDIUM", "HIGH", "CRITICAL", "0", "UNSPECIFIED")
TEXTS = ("*", "", "a", "b", "api", "é")
# One client gets every alert, so that there is an output to look at; the others show what was matched.
RULES = (
    Rule("everything", "all", "*", "*", "*"),
    *(Rule(f"severity {word}", "severities", word, "*", "*") for word in WORDS[1:]),
    *(Rule(f"source {text}", "sources", "*", text, "*") for text in TEXTS[1:]),
    *(Rule(f"name {text}", "名", "*", "*", text) for text in TEXTS[1:]),
    Rule("exact", "zeta", "HIGH", "api", "a"),
)


def route(impl: Implementation, payload: bytes, version: int = 7) -> Any:
    """Route over `RULES`, in a batch and alone, and return the output or the offset of the fault."""
    router = impl.Router(impl.Index.build(RULES, version=version))
    (batched,) = router.route_batch([payload])
    if not isinstance(batched, WireError):
        assert router.route(payload) == batched
        return batched
    with pytest.raises(WireError) as caught:
        router.route(payload)
    assert (caught.value.offset, caught.value.reason) == (batched.offset, batched.reason)
    assert 0 <= batched.offset < len(payload)
    return batched.offset


@given(payload=payloads)
def test_what_is_accepted_is_what_protobuf_accepts(impl: Implementation, payload: bytes) -> None:
    target(len(payload))
    assert isinstance(route(impl, payload), list) == (parse(payload) is not None)


@given(payload=good_payloads)
def test_well_formed_payloads_are_accepted(impl: Implementation, payload: bytes) -> None:
    assert parse(payload) is not None
    assert isinstance(route(impl, payload), list)


@given(payload=payloads, version=versions)
def test_both_route_alike(compiled: Implementation, reference: Implementation, payload: bytes, version: int) -> None:
    assert route(compiled, payload, version) == route(reference, payload, version)


@given(batch=st.lists(payloads, max_size=20))
def test_both_route_batches_alike(compiled: Implementation, reference: Implementation, batch: list[bytes]) -> None:
    ours, theirs = (impl.Router(impl.Index.build(RULES)).route_batch(batch) for impl in (compiled, reference))
    plain = [[getattr(one, "offset", one) for one in routed] for routed in (ours, theirs)]
    assert plain[0] == plain[1]


@given(payload=st.one_of(good_payloads, good_payloads, payloads), version=versions)
def test_protobuf_reads_what_is_routed(impl: Implementation, payload: bytes, version: int) -> None:
    alert = parse(payload)
    if alert is None:
        return
    expected = impl.Index.build(RULES).match(severity_word(alert) or "unknown", alert.source, alert.name)
    routed = route(impl, payload, version)
    assert [client.decode() for client, _ in routed] == list(expected)
    for (client, out), rule_ids in zip(routed, expected.values(), strict=True):
        matched = AlertMatched.FromString(out)
        assert matched.client_id == client.decode()
        assert tuple(matched.rule_ids) == rule_ids
        assert matched.rules_version == version
        for field in ALERT_FIELDS:
            assert getattr(matched, field) == getattr(alert, field)
        # All that was unknown is still there, but for the fields that a producer must not set.
        assert unknown_fields(matched) == [field for field in unknown_fields(alert) if field[0] not in ADDED]


@given(
    alert=st.builds(
        AlertNew,
        alert_id=st.text(max_size=5),
        schema_version=st.integers(-(2**31), 2**31 - 1),
        event_ts=st.integers(-(2**63), 2**63 - 1),
        severity=st.integers(-(2**31), 2**31 - 1) | st.integers(0, 5),
        source=st.sampled_from(TEXTS) | st.text(max_size=5),
        name=st.sampled_from(TEXTS) | st.text(max_size=5),
        context=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3),
    )
)
def test_what_protobuf_writes_is_routed(impl: Implementation, alert: Any) -> None:
    payload = alert.SerializeToString()
    index = impl.Index.build(RULES, version=7)
    for client, out in impl.Router(index).route(payload):
        assert out.startswith(payload)
        added = AlertMatched.FromString(out[len(payload) :])
        assert (added.client_id, added.rules_version) == (client.decode(), 7)
        assert added.ListFields()[0][0].name == "client_id"
        assert AlertNew.FromString(out[: len(payload)]) == alert


@given(payload=good_payloads, end=st.integers(0, 200))
def test_a_cut_payload(impl: Implementation, payload: bytes, end: int) -> None:
    cut = payload[:end]
    assert isinstance(route(impl, cut), list) == (parse(cut) is not None)
