"""`Router`: from alert bytes to a client's bytes."""

from typing import Any

import pytest

from fix_impl import Implementation
from fix_proto import JUDGED, AlertMatched, AlertNew, parse
from fix_strategies import delimited, group, nested, tag, varint
from matchcore import Rule, WireError

# The contract's golden bytes: the alert's own seven fields, and what a match adds to them.
ALERT = bytes.fromhex(
    "0a02613110011880e2cfaa0620032a03617069320774696d656f75743a130a06726567696f6e120975732d656173742d31"
)
MATCHED = bytes.fromhex("420461636d654a0272314a027232")
RULES = (
    Rule("r2", "acme", "*", "api", "timeout"),
    Rule("r9", "zeta", "LOW", "*", "*"),
    Rule("r1", "acme", "HIGH", "api", "*"),
)


@pytest.fixture
def router(impl: Implementation) -> Any:
    """A router over `RULES` at version 0."""
    return impl.Router(impl.Index.build(RULES))


@pytest.fixture
def sieve(impl: Implementation) -> Any:
    """A router with one rule for every value of severity, source and name that the tests use."""
    severities = ("LOW", "MEDIUM", "HIGH", "CRITICAL", "*", "", "UNSPECIFIED", "0", "3", "5")
    rules = [("severity " + value, "acme", value, "*", "*") for value in severities]
    rules += [("source " + value, "acme", "*", value, "*") for value in ("", "a", "b")]
    rules += [("name " + value, "acme", "*", "*", value) for value in ("", "a", "b")]
    return impl.Router(impl.Index.build(rules))


def sifted(sieve: Any, payload: bytes) -> set[str]:
    """Return which of the sieve's rules match."""
    ((_, out),) = sieve.route(payload)
    return set(AlertMatched.FromString(out).rule_ids) - {"severity *"}


def fault(impl: Implementation, payload: bytes) -> int:
    """Return the offset that is told of a malformed payload, after protobuf has agreed that it is one."""
    assert not JUDGED or parse(payload) is None
    router = impl.Router(impl.Index.build(RULES))
    with pytest.raises(WireError) as caught:
        router.route(payload)
    (error,) = router.route_batch([payload])
    assert isinstance(error, WireError)
    assert error.offset == caught.value.offset
    assert error.reason
    return error.offset


# What comes out


def test_the_golden_bytes(router: Any) -> None:
    assert router.route(ALERT) == [(b"acme", ALERT + MATCHED)]


def test_the_version_is_field_ten(impl: Implementation) -> None:
    for version, suffix in ((1, "5001"), (300, "50ac02"), (2**63 - 1, "50ffffffffffffffff7f")):
        router = impl.Router(impl.Index.build(RULES, version=version))
        assert router.route(ALERT) == [(b"acme", ALERT + MATCHED + bytes.fromhex(suffix))]


def test_each_client_gets_its_own_message(router: Any) -> None:
    payload = AlertNew(alert_id="a1", severity="LOW", source="api", name="timeout").SerializeToString()
    routed = router.route(payload)
    assert [client for client, _ in routed] == [b"acme", b"zeta"]
    messages = [AlertMatched.FromString(out) for _, out in routed]
    assert [message.client_id for message in messages] == ["acme", "zeta"]
    assert [list(message.rule_ids) for message in messages] == [["r2"], ["r9"]]
    assert {message.alert_id for message in messages} == {"a1"}


def test_nothing_matches(router: Any) -> None:
    assert router.route(AlertNew(source="db").SerializeToString()) == []


def test_types(router: Any) -> None:
    ((client, out),) = router.route(ALERT)
    assert type(router.route(ALERT)) is list
    assert (type(client), type(out)) == (bytes, bytes)


def test_clients_come_by_ordinal_and_rule_ids_ascend(impl: Implementation) -> None:
    rules = [(f"r{n}", client, "*", "*", "*") for n, client in zip((9, 10, 1, 2), ("z", "a", "z", "é"), strict=True)]
    routed = impl.Router(impl.Index.build(rules)).route(b"")
    assert [client.decode() for client, _ in routed] == ["z", "a", "é"]
    assert list(AlertMatched.FromString(routed[0][1]).rule_ids) == ["r1", "r9"]


@pytest.mark.parametrize("length", [1, 127, 128, 16_383, 16_384, 100_000])
def test_ids_of_any_length(impl: Implementation, length: int) -> None:
    router = impl.Router(impl.Index.build([("r" * length, "c" * length, "*", "*", "*")]))
    ((client, out),) = router.route(ALERT)
    message = AlertMatched.FromString(out)
    assert client.decode() == message.client_id == "c" * length
    assert list(message.rule_ids) == ["r" * length]


# What is matched


@pytest.mark.parametrize(("number", "word"), [(1, "LOW"), (2, "MEDIUM"), (3, "HIGH"), (4, "CRITICAL")])
def test_a_severity_has_a_word(sieve: Any, number: int, word: str) -> None:
    assert sifted(sieve, b"\x20" + varint(number)) == {"severity " + word, "source ", "name "}


@pytest.mark.parametrize("number", [0, 5, 6, 100, 2**31, 2**32 - 1, 2**32, 2**32 + 5, 2**64 - 1, 2**64 - 2**32])
def test_another_severity_matches_only_the_wildcard(sieve: Any, number: int) -> None:
    assert sifted(sieve, b"\x20" + varint(number)) == {"source ", "name "}


@pytest.mark.parametrize("number", [2**32 + 3, 2**63 + 3, 2**64 - 2**32 + 3])
def test_of_a_severity_32_bits_count(sieve: Any, number: int) -> None:
    assert AlertNew.FromString(b"\x20" + varint(number)).severity == 3
    assert "severity HIGH" in sifted(sieve, b"\x20" + varint(number))


def test_absent_fields_are_empty(sieve: Any) -> None:
    assert sifted(sieve, b"") == {"source ", "name "}


def test_the_last_of_a_repeated_field_wins(sieve: Any) -> None:
    payload = (
        b"\x20\x03" + delimited(5, b"a") + delimited(6, b"b") + b"\x20\x01" + delimited(6, b"a") + delimited(5, b"b")
    )
    assert sifted(sieve, payload) == {"severity LOW", "source b", "name a"}
    assert sifted(sieve, payload + b"\x20\x00" + delimited(5, b"")) == {"source ", "name a"}


def test_an_alerts_star_is_an_ordinary_value(sieve: Any) -> None:
    assert sifted(sieve, delimited(5, b"*") + delimited(6, b"*")) == set()


@pytest.mark.parametrize("number", [4, 5, 6])
@pytest.mark.parametrize("wire_type", [0, 1, 2, 3, 5])
def test_a_known_field_of_another_wire_type_is_unknown(sieve: Any, number: int, wire_type: int) -> None:
    if (number == 4) == (wire_type == 0) and (number != 4) == (wire_type == 2):
        return
    value = {0: b"\x01", 1: b"12345678", 2: b"\x01a", 3: tag(number, 4), 5: b"1234"}[wire_type]
    payload = tag(number, wire_type) + value
    before = b"\x20\x03" + delimited(5, b"a") + delimited(6, b"a")
    assert sifted(sieve, before + payload) == {"severity HIGH", "source a", "name a"}
    ((_, out),) = sieve.route(before + payload)
    assert out.startswith(before + payload)


# What is kept and what is left out

UNKNOWN = {
    "varint": b"\x58\x05",
    "fixed64": b"\x59" + bytes(8),
    "delimited": delimited(11, b"\xff\xfe"),
    "group": group(11, b"\x08\x01" + delimited(5, b"\xff") + group(12, b"")),
    "group with smuggled fields": group(11, delimited(8, b"evil") + delimited(9, b"evil") + b"\x50\x01"),
    "fixed32": b"\x5d" + bytes(4),
    "highest number": delimited(2**29 - 1, b"x"),
    "longer tag than needed": tag(11, 0, 3) + b"\x01",
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_unknown_fields_are_kept(router: Any, kind: str) -> None:
    for payload in (UNKNOWN[kind] + ALERT, ALERT + UNKNOWN[kind]):
        assert router.route(payload) == [(b"acme", payload + MATCHED)]


@pytest.mark.parametrize("number", [8, 9, 10])
@pytest.mark.parametrize("wire_type", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("padding", [0, 1, 4])
def test_fields_8_to_10_are_left_out(router: Any, number: int, wire_type: int, padding: int) -> None:
    value = {0: b"\x01", 1: b"12345678", 2: b"\x04evil", 3: delimited(9, b"evil") + tag(number, 4), 5: b"1234"}[
        wire_type
    ]
    smuggled = tag(number, wire_type, padding) + value
    for payload in (smuggled + ALERT, ALERT + smuggled, smuggled + ALERT + smuggled * 3):
        assert router.route(payload) == [(b"acme", ALERT + MATCHED)]
    first = len(delimited(1, b"a1"))
    assert router.route(ALERT[:first] + smuggled + ALERT[first:]) == [(b"acme", ALERT + MATCHED)]


def test_the_alerts_bytes_are_passed_on_as_they_are(router: Any) -> None:
    payload = (
        tag(4, 0, 2) + varint(3, 4) + tag(5, 2, 1) + varint(3, 2) + b"api" + delimited(5, b"x") + delimited(5, b"api")
    )
    ((client, out),) = router.route(payload)
    assert (client, out[: len(payload)]) == (b"acme", payload)


# What is malformed

BEFORE = delimited(1, b"a1") + b"\x20\x03"
MALFORMED = {
    "cut tag": b"\xaa",
    "cut varint": b"\x10\x80",
    "cut length": b"\x2a\x80",
    "no length": b"\x2a",
    "cut string": b"\x2a\x05api",
    "cut fixed32": b"\x5d\x00\x00\x00",
    "cut fixed64": b"\x59" + bytes(7),
    "cut group": b"\x5b",
    "cut field in a group": b"\x5b\x2a\x05",
    "tag of six bytes": varint(5 << 3 | 2, 5) + b"\x00",
    "tag of 33 bits": bytes.fromhex("aa80808010") + b"\x00",
    "varint of eleven bytes": b"\x10" + b"\x80" * 10 + b"\x00",
    "unknown varint of eleven bytes": b"\x58" + b"\x80" * 10 + b"\x00",
    "length of six bytes": b"\x2a" + varint(1, 5) + b"a",
    "length of 2 GiB": b"\x2a" + varint(2**31),
    "length of 4 GiB and one": b"\x2a" + varint(2**32 + 1) + b"a",
    "length of 16 EiB": b"\x2a" + varint(2**64 - 1) + b"a",
    "field number 0": b"\x00\x00",
    "field number 0, delimited": b"\x02\x00",
    "field number 0, a group": b"\x03\x04",
    "wire type 6": b"\x5e",
    "wire type 7": b"\x5f",
    "wire type 6 in a group": b"\x5b\x0e\x5c",
    "end of no group": b"\x5c",
    "end of another group": b"\x5b\x64",
    "groups 101 deep": nested(101),
    "alert_id not UTF-8": delimited(1, b"\xff"),
    "source not UTF-8": delimited(5, b"a\x80"),
    "name not UTF-8": delimited(6, b"\xc2"),
    "overlong NUL": delimited(5, b"\xc0\x80"),
    "surrogate": delimited(5, b"\xed\xa0\x80"),
    "above U+10FFFF": delimited(5, b"\xf4\x90\x80\x80"),
    "cut at the fourth byte": delimited(5, b"\xf0\x9f\x98"),
    "entry past the end": b"\x3a\x05\x0a\x01k",
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_payload_is_told_with_its_offset(impl: Implementation, kind: str) -> None:
    assert fault(impl, MALFORMED[kind]) == 0
    assert fault(impl, BEFORE + MALFORMED[kind]) == len(BEFORE)


def test_a_bad_string_is_malformed_even_when_another_follows(impl: Implementation) -> None:
    assert fault(impl, BEFORE + delimited(5, b"\xff") + delimited(5, b"api")) == len(BEFORE)


def test_the_first_fault_is_told(impl: Implementation) -> None:
    assert fault(impl, BEFORE + delimited(5, b"\xff") + b"\x5c") == len(BEFORE)


ENTRY_FAULTS = {
    "key not UTF-8": delimited(1, b"\xff"),
    "value not UTF-8": delimited(2, b"\xed\xa0\x80"),
    "cut tag": b"\x8a",
    "cut varint": b"\x18\x80",
    "key past the entry": b"\x0a\x05k",
    "field number 0": b"\x00\x00",
    "wire type 7": b"\x0f",
    "end of no group": b"\x3c",
    "cut group": b"\x5b",
    "groups 100 deep": nested(100),
}


@pytest.mark.parametrize("kind", ENTRY_FAULTS)
def test_a_fault_inside_an_entry_is_told_at_the_inner_field(impl: Implementation, kind: str) -> None:
    key = delimited(1, b"k")
    body = key + ENTRY_FAULTS[kind]
    payload = BEFORE + delimited(7, body)
    offset = len(payload) - len(body) + len(key)
    # What follows the entry must not be read as a part of it.
    for tail in (b"", delimited(6, b"x" * 40)):
        assert fault(impl, payload + tail) == offset


WELL_FORMED = {
    "tag of five bytes": tag(11, 0, 4) + b"\x01",
    "length of five bytes": b"\x2a" + varint(3, 4) + b"api",
    "varint of ten bytes": b"\x10" + varint(1, 9),
    "bits above 64": b"\x10" + b"\xff" * 9 + b"\x7f",
    "bits above 64, unknown": b"\x58" + b"\xff" * 9 + b"\x7f",
    "groups 100 deep": nested(100),
    "groups 99 deep in an entry": delimited(7, nested(99)),
    "field number 0 in a group": b"\x5b\x00\x00\x5c",
    "group of number 0 in a group": b"\x5b\x03\x04\x5c",
    "not UTF-8 in field 8": delimited(8, b"\xff"),
    "not UTF-8 in an unknown field": delimited(11, b"\xff"),
    "not UTF-8 in a group": group(11, delimited(5, b"\xff")),
    "not UTF-8 in an entry's third field": delimited(7, delimited(3, b"\xff")),
    "empty entry": delimited(7, b""),
    "entry without a value": delimited(7, delimited(1, b"k")),
    "entry with two keys": delimited(7, delimited(1, b"k") * 2),
    "entry with a key that is a number": delimited(7, b"\x08\x01"),
    "context that is a number": b"\x38\x01",
    "context that is a group": b"\x3b\x3c",
    "NUL": delimited(1, b"\0"),
    "highest code point": delimited(1, "\U0010ffff".encode()),
}


@pytest.mark.parametrize("kind", WELL_FORMED)
def test_what_protobuf_accepts_is_routed(impl: Implementation, kind: str) -> None:
    payload = WELL_FORMED[kind]
    assert not JUDGED or parse(payload) is not None
    ((_, out),) = impl.Router(impl.Index.build([("r1", "acme", "*", "*", "*")])).route(payload)
    assert not JUDGED or AlertMatched.FromString(out).client_id == "acme"


@pytest.mark.parametrize("end", range(len(ALERT)))
def test_a_cut_alert_is_malformed_unless_cut_between_fields(impl: Implementation, end: int) -> None:
    router = impl.Router(impl.Index.build([("r1", "acme", "*", "*", "*")]))
    if parse(ALERT[:end]) is None:
        with pytest.raises(WireError) as caught:
            router.route(ALERT[:end])
        assert caught.value.offset < max(end, 1)
    else:
        assert len(router.route(ALERT[:end])) == 1


# Batches


def test_a_batch_routes_each(router: Any) -> None:
    other = AlertNew(severity="LOW").SerializeToString()
    assert router.route_batch([ALERT, other, b"", ALERT]) == [
        router.route(ALERT),
        router.route(other),
        [],
        router.route(ALERT),
    ]


@pytest.mark.parametrize("wrap", [list, tuple])
def test_a_batch_is_a_sequence(router: Any, wrap: Any) -> None:
    assert router.route_batch(wrap([])) == []
    assert router.route_batch(wrap([ALERT])) == [router.route(ALERT)]


def test_an_error_stands_in_its_payloads_place(router: Any) -> None:
    routed = router.route_batch([ALERT, b"\x20\x03\x5c", ALERT, b"\xff"])
    assert routed[0] == routed[2] == router.route(ALERT)
    assert isinstance(routed[1], WireError)
    assert (routed[1].offset, routed[3].offset) == (2, 0)


@pytest.mark.parametrize("size", [1, 7, 8, 9, 16, 17, 100])
def test_a_batch_of_any_size(router: Any, size: int) -> None:
    payloads = [AlertNew(severity=n % 6, source="api", name="timeout").SerializeToString() for n in range(size)]
    assert router.route_batch(payloads) == [router.route(payload) for payload in payloads]


@pytest.mark.parametrize("payload", ["text", bytearray(ALERT), memoryview(ALERT), None, 5])
def test_a_payload_is_bytes(router: Any, payload: Any) -> None:
    with pytest.raises(TypeError):
        router.route(payload)
    with pytest.raises(TypeError):
        router.route_batch([ALERT, payload])


@pytest.mark.parametrize("payloads", [None, 5])
def test_a_batch_is_nothing_else(router: Any, payloads: Any) -> None:
    with pytest.raises(TypeError):
        router.route_batch(payloads)


# Where the rules are


def test_a_router_reads_a_view(impl: Implementation) -> None:
    live = impl.LiveIndex(impl.Index.build(RULES, version=5))
    router = impl.Router(live.reader())
    live.apply((), ["r1", "r2"])
    assert router.route(ALERT) == [(b"acme", ALERT + MATCHED + b"\x50\x05")]


def test_a_router_over_a_live_index_reads_the_newest_version(impl: Implementation) -> None:
    live = impl.LiveIndex()
    router = impl.Router(live)
    assert router.route(ALERT) == []
    live.apply(RULES, version=5)
    assert router.route(ALERT) == [(b"acme", ALERT + MATCHED + b"\x50\x05")]
    live.compact()
    assert router.route(ALERT) == [(b"acme", ALERT + MATCHED + b"\x50\x05")]
    live.apply((), ["r2"])
    assert router.route_batch([ALERT]) == [[(b"acme", ALERT + bytes.fromhex("420461636d654a0272315006"))]]


@pytest.mark.parametrize("index", [None, 5, [], "index"])
def test_a_router_reads_nothing_else(impl: Implementation, index: Any) -> None:
    with pytest.raises(TypeError):
        impl.Router(index)
