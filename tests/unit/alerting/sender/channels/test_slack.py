from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from alerting.sender.channels.slack.message import escaped, slack_message
from fix_delivery import make_delivery


def texts(message: dict[str, Any]) -> list[str]:
    found = [message["text"]]
    for block in message["blocks"]:
        parts = [block["text"]] if "text" in block else block.get("fields", []) + block.get("elements", [])
        found += [part["text"] for part in parts]
    return found


def test_a_message_has_a_text_and_blocks() -> None:
    message = slack_message(make_delivery())
    assert message["text"] == "[HIGH] payments: PaymentTimeout"
    assert texts(message)[1:] == [
        "*[HIGH] payments: PaymentTimeout*",
        "*region*\neu",
        "2023-11-14 22:13:20 UTC · alert a1",
    ]


def test_no_value_becomes_markup_a_link_or_a_mention() -> None:
    hostile = "<!channel> <https://evil.example|click> & <script>"
    message = slack_message(
        make_delivery(name=hostile, source=hostile, alert_id=hostile, context=orjson.dumps({hostile: hostile}).decode())
    )
    for text in texts(message):
        assert "<" not in text
        assert ">" not in text
    assert escaped("&<>", 9) == "&amp;&lt;&gt;"
    parts = [part for block in message["blocks"][1:] for part in block.get("fields", []) + block.get("elements", [])]
    assert all(part["verbatim"] for part in parts)


@given(
    name=st.text(max_size=4_000),
    context=st.dictionaries(st.text("&<é"), st.text("&<>x", max_size=3_000), max_size=64),
)
def test_slacks_limits_hold_whatever_comes(name: str, context: dict[str, str]) -> None:
    delivery = make_delivery(name=name, alert_id="&" * 255, context=orjson.dumps(context).decode())
    message = slack_message(delivery)
    assert all(len(text) <= 3_000 for text in texts(message))
    assert len(message["blocks"]) <= 50
    for block in message["blocks"]:
        assert len(block.get("fields", [])) <= 10
        assert all(1 <= len(field["text"]) <= 2_000 for field in block.get("fields", []))
    if len(context) > 10:
        assert f"{len(context) - 10} more" in texts(message)[-1]


def test_an_alert_without_context_has_no_empty_block() -> None:
    message = slack_message(make_delivery(context="{}"))
    assert [block["type"] for block in message["blocks"]] == ["section", "context"]
