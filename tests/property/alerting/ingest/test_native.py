from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from alerting.events.v1 import AlertNew, Severity
from alerting.ingest.formats.native import parse
from alerting.ingest.intake import _outgoing

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=255)
ALERTS = st.fixed_dictionaries(
    {"severity": st.sampled_from(["LOW", "medium", "High", "CRITICAL"]), "source": TEXT, "name": TEXT},
    optional={
        "alert_id": TEXT,
        "event_ts": st.integers(0, 253_402_300_799),
        "context": st.dictionaries(TEXT, TEXT, max_size=5),
    },
)


@given(st.lists(ALERTS, max_size=5), st.booleans())
def test_what_is_valid_arrives_as_it_was(sent: list[dict[str, Any]], lines: bool) -> None:
    body = b"\n".join(map(orjson.dumps, sent)) if lines else orjson.dumps(sent)
    parsed = parse(body, lines=lines, now=5)
    assert parsed.rejects == []
    assert len(parsed.alerts) == len(sent)
    for alert, was in zip(parsed.alerts, sent, strict=True):
        key, value, _ = _outgoing(alert, [])
        assert value is not None
        message = AlertNew.FromString(value)
        assert key == message.alert_id.encode() == was.get("alert_id", "").encode()
        assert Severity.Name(message.severity) == was["severity"].upper()
        assert (message.source, message.name) == (was["source"], was["name"])
        assert message.event_ts == was.get("event_ts", 5)
        assert dict(message.context) == was.get("context", {})
