import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.rule_set.changes import ChangeSet, read_changes
from alerting.runtime.errors import Malformed
from matchcore import LiveIndex


def change(rule_id: str, action: str, **fields: object) -> dict[str, object]:
    return {"rule_id": rule_id, "client_id": "acme", "action": action, "version": 1, "updated_at": 1, **fields}


def put(rule_id: str, name: str = "*", action: str = "CREATED") -> dict[str, object]:
    return change(rule_id, action, severity="HIGH", source="api", name=name)


def read(*changes: object) -> ChangeSet:
    return read_changes(orjson.dumps(changes))


def test_reads_each_action() -> None:
    found = read(put("r1"), put("r2", action="UPDATED"), change("r3", "DELETED"), change("r4", "DISABLED"))
    assert found.upserts == [("r1", "acme", "HIGH", "api", "*"), ("r2", "acme", "HIGH", "api", "*")]
    assert found.deletes == ["r3", "r4"]
    assert len(found) == 4


def test_takes_text_and_bytes_and_unknown_fields() -> None:
    assert read_changes('[{"rule_id": "r", "action": "DELETED", "later": [1]}]').deletes == ["r"]
    assert read_changes(b" [ ] ") == ChangeSet([], [])


def test_the_last_change_of_a_rule_counts() -> None:
    found = read(put("r1"), change("r1", "DELETED"), change("r2", "DISABLED"), put("r2", "b"), put("r2", "c"))
    assert found == ChangeSet([("r2", "acme", "HIGH", "api", "c")], ["r1"])


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"])))))
)
def test_means_what_the_changes_mean_one_by_one(steps: list[tuple[str, str | None]]) -> None:
    model: dict[str, str] = {}
    for rule_id, name in steps:
        if name is None:
            model.pop(rule_id, None)
        else:
            model[rule_id] = name
    found = read(*(change(rule_id, "DELETED") if name is None else put(rule_id, name) for rule_id, name in steps))
    live = LiveIndex()
    live.apply(found.upserts, found.deletes)
    assert {rule.rule_id: rule.name for rule in live.rules()} == model


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "undecodable"),
        (b"{", "undecodable"),
        (b"{}", "undecodable"),
        (b"null", "undecodable"),
        (b"\xff", "undecodable"),
        (b"[1]", "invalid_field"),
        (b'["text"]', "invalid_field"),
        (b"[{}]", "missing_field"),
        (b'[{"rule_id": "r"}]', "missing_field"),
        (b'[{"rule_id": 1, "action": "DELETED"}]', "invalid_field"),
        (b'[{"rule_id": "r", "action": "MOVED"}]', "invalid_field"),
        (b'[{"rule_id": "r", "action": ["DELETED"]}]', "invalid_field"),
        (b'[{"rule_id": "r", "action": "CREATED", "client_id": "c", "severity": "*", "source": "*"}]', "missing_field"),
        (
            b'[{"rule_id": "r", "action": "CREATED", "client_id": "c", "severity": "*", "source": "*", "name": null}]',
            "invalid_field",
        ),
    ],
)
def test_refuses_what_cannot_be_applied(text: bytes, reason: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_changes(text)
    assert refused.value.reason == reason


def test_names_the_change_at_fault() -> None:
    with pytest.raises(Malformed, match=r"changes\[1\]\.source"):
        read(put("r1"), change("r2", "UPDATED", severity="LOW", name="x"))
