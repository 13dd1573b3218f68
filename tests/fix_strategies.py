"""Rules, events and wire bytes for hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from matchcore import Rule

LONG = 64 * 1024

# Few distinct values, so that rules and events meet; each is there for a way of going wrong: the wildcard and
# what only looks like it, nothing, one that is another's prefix, NUL, every length of a UTF-8 sequence, lengths
# around a word, a cache line and 64 KiB.
VALUES = (
    *("*", "*", "*", "", "a", "b", "ab", "*a", "a*", "**", "\0", "a\0", "a\0b", " a", "A", "é", "e\u0301", "日本"),
    *("\U0001f600", "\uffff", "\U0010ffff", "12345678", "123456789", "x" * 63, "x" * 64, "x" * 255, "é" * 128),
)
LONG_VALUES = ("x" * LONG, "x" * (LONG - 1) + "y", "x" * (LONG + 1))

# By number, because hypothesis prints what it samples from.
long_values = st.integers(0, len(LONG_VALUES) - 1).map(lambda number: LONG_VALUES[number])
values = st.one_of(
    st.sampled_from(VALUES),
    st.sampled_from(VALUES[:6]),
    st.sampled_from(VALUES),
    st.one_of(st.sampled_from(VALUES), long_values),
    st.text(max_size=4),
)
severities = st.one_of(st.sampled_from(("*", "LOW", "HIGH", "")), values)
rule_ids = st.one_of(st.sampled_from([f"r{n}" for n in range(12)]), values.filter(bool))
client_ids = st.one_of(st.sampled_from(("acme", "zeta", "beta")), values.filter(bool))

events = st.tuples(severities, values, values)
rules = st.builds(Rule, rule_ids, client_ids, severities, values, values)
rule_lists = st.lists(rules, max_size=30, unique_by=lambda rule: rule.rule_id)
client_choices = st.lists(client_ids, max_size=4)
versions = st.integers(0, 2**63 - 1)


@st.composite
def rules_and_events(draw: st.DrawFn) -> tuple[list[Rule], list[tuple[str, str, str]]]:
    """Draw rules, and events of which half repeat a rule's own pattern."""
    drawn = draw(rule_lists)
    own = st.sampled_from([rule[2:] for rule in drawn]) if drawn else events
    return drawn, draw(st.lists(st.one_of(events, own), max_size=8))


def varint(value: int, padding: int = 0) -> bytes:
    """Write a number, with as many bytes more than it needs as `padding` says."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    for _ in range(padding):
        out[-1] |= 0x80
        out.append(0)
    return bytes(out)


NUMBERS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 100, 2**29 - 1)
TEXTS = (b"", b"a", b"b", b"*", b"api", "é".encode(), "\U0001f600".encode(), b"\0")
NOT_TEXTS = (b"\xff", b"a\x80", b"\xc2", b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf5")
COUNTS = (0, 1, 2, 3, 4, 5, 127, 128, 2**31 - 1, 2**31, 2**32 - 1, 2**32 + 1, 2**63, 2**64 - 1)

paddings = st.sampled_from((0, 0, 0, 0, 0, 1, 3))
varints = st.builds(lambda value, padding: stretched(value, padding, 10), st.sampled_from(COUNTS), paddings)
texts = st.one_of(st.sampled_from(TEXTS), st.text(max_size=6).map(str.encode))


def stretched(value: int, padding: int, longest: int) -> bytes:
    """Write a number with padding, but not with more bytes than protobuf reads."""
    return varint(value, min(padding, longest - len(varint(value))))


def tag(number: int, wire_type: int, padding: int = 0) -> bytes:
    """Write a tag."""
    return stretched(number << 3 | wire_type, padding, 5)


def delimited(number: int, body: bytes, padding: int = 0) -> bytes:
    """Write a length-delimited field."""
    return tag(number, 2, padding) + stretched(len(body), padding, 5) + body


def group(number: int, body: bytes, padding: int = 0) -> bytes:
    """Write a group."""
    return tag(number, 3) + body + tag(number, 4, padding)


def nested(depth: int, body: bytes = b"") -> bytes:
    """Write groups inside each other."""
    return tag(11, 3) * depth + body + tag(11, 4) * depth


numbers = st.sampled_from(NUMBERS)
scalars: st.SearchStrategy[bytes] = st.one_of(
    st.builds(lambda number, padding, value: tag(number, 0, padding) + value, numbers, paddings, varints),
    st.builds(lambda number, value: tag(number, 1) + value, numbers, st.binary(min_size=8, max_size=8)),
    st.builds(lambda number, value: tag(number, 5) + value, numbers, st.binary(min_size=4, max_size=4)),
    st.builds(delimited, numbers.filter(lambda number: number != 7), texts, paddings),
)
fields = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.builds(group, numbers, st.lists(inner, max_size=3).map(b"".join), paddings),
        st.builds(delimited, st.just(7), st.lists(inner, max_size=3).map(b"".join), paddings),
    ),
    max_leaves=6,
)
alert_fields = st.one_of(
    st.builds(lambda value, padding: tag(4, 0, padding) + value, varints, paddings),
    st.builds(delimited, st.sampled_from((1, 5, 6)), texts, paddings),
    st.builds(lambda key, value: delimited(7, delimited(1, key) + delimited(2, value)), texts, texts),
)
# The groups around the limit of 100, and the same inside a map entry, which is a level itself.
deep_fields = st.builds(
    lambda depth, wrapped: delimited(7, nested(depth)) if wrapped else nested(depth),
    st.integers(97, 103),
    st.booleans(),
)
bad_fields = st.one_of(
    st.builds(delimited, st.sampled_from((1, 5, 6, 8)), st.sampled_from(NOT_TEXTS)),
    st.builds(
        lambda number, text: delimited(7, delimited(number, text)), st.integers(1, 3), st.sampled_from(NOT_TEXTS)
    ),
    st.builds(tag, st.sampled_from((0, *NUMBERS)), st.integers(0, 7)),
    st.builds(lambda body: group(11, body), st.builds(tag, st.just(0), st.integers(0, 7))),
    st.builds(varint, st.sampled_from(COUNTS), st.integers(0, 10)),
)
good_payloads = st.lists(st.one_of(alert_fields, alert_fields, fields), max_size=6).map(b"".join)
odd_payloads = st.lists(st.one_of(alert_fields, fields, bad_fields, deep_fields), max_size=5).map(b"".join)
# Bytes that are tags and lengths of this message more often than chance has it.
dense_payloads = st.lists(
    st.sampled_from(bytes.fromhex("00010203040508 0a0b0c1020222a323a3b3c42 585a5b5c5d59 6180ff7fc2")), max_size=24
).map(bytes)


@st.composite
def mutated_payloads(draw: st.DrawFn) -> bytes:
    """Damage a good message: change, remove, insert or cut."""
    payload = bytearray(draw(good_payloads))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(payload)))
        kind = draw(st.sampled_from(("flip", "remove", "insert", "cut", "repeat")))
        if kind == "flip" and place < len(payload):
            payload[place] ^= 1 << draw(st.integers(0, 7))
        elif kind == "remove":
            del payload[place : place + draw(st.integers(1, 3))]
        elif kind == "insert":
            payload[place:place] = draw(st.binary(min_size=1, max_size=3))
        elif kind == "cut":
            del payload[place:]
        else:
            payload[place:place] = payload[place : place + 4]
    return bytes(payload)


payloads: Any = st.one_of(
    good_payloads, odd_payloads, mutated_payloads(), mutated_payloads(), dense_payloads, st.binary(max_size=32)
)
