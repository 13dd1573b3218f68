"""``alerting dlq`` as a process."""

import pytest

from alerting.events.v1 import AlertMatched
from alerting.runtime.topics import ALERTS_NEW
from fix_dead_letters import Refusals

HOSTILE = b"\x1b]0;owned\x07\x1b[2J\xc2\x9b31m\x00\xff"


def test_what_waits_is_listed_oldest_first(refusals: Refusals) -> None:
    refusals.write(b"a", reason="too_long", error="the value has 3 GB")
    refusals.write(b"b", topic=ALERTS_NEW)
    listed = refusals.objects("list")
    assert [(each["topic"], each["partition"], each["offset"]) for each in listed] == [
        ("alerts.matched", 0, 0),
        ("alerts.new", 0, 0),
    ]
    assert listed[0]["reason"] == "too_long"
    assert (listed[0]["error"], listed[0]["service"]) == ("the value has 3 GB", "aggregator")
    assert (listed[0]["key"], listed[0]["replays"], listed[0]["bytes"]) == ("acme", 0, 1)
    assert "alerts.new" in refusals.run("list").stdout


def test_the_list_is_narrowed_and_bounded(refusals: Refusals) -> None:
    refusals.write(b"a", b"b", b"c", reason="too_long")
    refusals.write(b"d", topic=ALERTS_NEW)
    assert len(refusals.objects("list", "--topic", "alerts.new.dlq")) == 1
    assert len(refusals.objects("list", "--reason", "too_long")) == 3
    assert len(refusals.objects("list", "--since", "1h")) == 4
    assert refusals.objects("list", "--reason", "empty") == []
    bounded = refusals.run("list", "--limit", "2", "--json")
    assert len(bounded.stdout.splitlines()) == 2
    assert bounded.stderr == "there are more\n"


def test_a_summary_counts_by_topic_and_reason(refusals: Refusals) -> None:
    refusals.write(b"a", b"b", reason="too_long")
    refusals.write(b"c", topic=ALERTS_NEW)
    assert refusals.objects("list", "--summary") == [
        {"topic": "alerts.matched", "reason": "too_long", "letters": 2},
        {"topic": "alerts.new", "reason": "undecodable", "letters": 1},
    ]
    assert "too_long" in refusals.run("list", "--summary").stdout


def test_one_letter_is_shown_with_all_that_it_says(refusals: Refusals) -> None:
    value = AlertMatched(alert_id="a1", client_id="acme").SerializeToString()
    refusals.write(value, b"\xff")
    (shown,) = refusals.objects("show", "alerts.matched", "0", "0")
    assert shown["fields"]["alert_id"] == "a1"
    assert bytes.fromhex(shown["value_hex"]) == value
    assert {"name": "dlq-reason", "value": "undecodable"} in shown["headers"]
    assert '"client_id": "acme"' in refusals.run("show", "alerts.matched", "0", "0").stdout
    assert "AlertMatched: does not decode" in refusals.run("show", "alerts.matched", "0", "1").stdout


@pytest.mark.parametrize("how", [["list"], ["list", "--json"], ["show"], ["show", "--json"]], ids=" ".join)
def test_no_byte_of_a_letter_is_an_order_to_the_terminal(refusals: Refusals, how: list[str]) -> None:
    text = HOSTILE.decode(errors="replace")
    refusals.write(HOSTILE, key=HOSTILE, error=text, headers=[("\x1b[31m\u202e[bold]", HOSTILE)])
    place = ["alerts.matched", "0", "0"] if how[0] == "show" else []
    done = refusals.run(how[0], *place, *how[1:])
    assert done.returncode == 0, done.stderr
    assert "owned" in done.stdout
    assert all(letter.isprintable() or letter == "\n" for letter in done.stdout)


def test_replay_asks_unless_told_not_to(refusals: Refusals) -> None:
    refusals.write(b"a", b"b")
    asked = refusals.run("replay", "alerts.matched", "--all")
    assert asked.returncode == 1
    assert "Replay 2 dead letters of alerts.matched?" in asked.stdout
    done = refusals.run("replay", "alerts.matched", "--all", "--yes")
    assert (done.returncode, done.stdout, done.stderr) == (0, "replayed 2\n", "")
    assert refusals.objects("list") == []
    assert refusals.run("replay", "alerts.matched", "--all").stdout == "nothing waits\n"
    assert len(refusals.sent(2)) == 2


def test_one_letter_is_handled_once(refusals: Refusals) -> None:
    refusals.write(b"a", b"b", b"c")
    assert refusals.run("replay", "alerts.matched", "0", "1").stdout == "replayed 1\n"
    again = refusals.run("replay", "alerts.matched", "0", "1")
    assert again.returncode == 1
    assert again.stderr.startswith("alerts.matched 0 1 was replayed at ")
    assert refusals.run("drop", "alerts.matched", "0", "2").returncode == 1
    assert refusals.run("drop", "alerts.matched", "0", "2", "--yes").stdout == "dropped 1\n"
    (shown,) = refusals.objects("show", "alerts.matched", "0", "2")
    assert shown["action"]["action"] == "DROPPED"
    assert shown["action"]["actor"] == "cli"
    assert [each["offset"] for each in refusals.objects("list")] == [0]


@pytest.mark.parametrize("offset", ["0", "7", str(2**63 - 1)])
def test_a_letter_that_is_not_there(refusals: Refusals, offset: str) -> None:
    for verb in (["show"], ["replay"], ["drop", "--yes"]):
        done = refusals.run(verb[0], "alerts.matched", "0", offset, *verb[1:])
        assert done.returncode == 1
        assert done.stderr == f"alerts.matched 0 {offset}: there is no such dead letter, or it is gone\n"


@pytest.mark.parametrize(
    ("setting", "address", "who"),
    [
        ("ALERTING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1", "kafka: "),
        ("ALERTING_POSTGRES_DSN", "postgresql://127.0.0.1:1/none", "postgres: "),
    ],
)
def test_a_dependency_that_is_down_is_named_in_one_line(
    refusals: Refusals, setting: str, address: str, who: str
) -> None:
    done = refusals.run("list", **{setting: address})
    assert done.returncode == 1
    assert done.stderr.startswith(who)
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
