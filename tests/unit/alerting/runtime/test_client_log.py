"""What of librdkafka's log is said."""

import logging

import pytest

from alerting.runtime.broker.client_log import AGAIN_SECONDS, SaidOnce

REFUSED = "[vm#producer-1] [thrd:a:9092/1]: a:9092/1: Connect to ipv4#127.0.0.1:9092 failed: Connection refused"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def said(clock: Clock) -> SaidOnce:
    return SaidOnce(clock)


def line(text: str, client: str = "FAIL") -> logging.LogRecord:
    # As confluent_kafka logs: what happened, and the text, as arguments.
    return logging.LogRecord("librdkafka", logging.ERROR, "", 0, "%s %s", (client, text), None)


def test_tries_that_differ_in_their_time_only_are_said_once_a_minute(said: SaidOnce, clock: Clock) -> None:
    assert said.filter(line(f"{REFUSED} (after 0ms in state CONNECT)"))
    assert not said.filter(line(f"{REFUSED} (after 12ms in state CONNECT)"))
    assert not said.filter(line(f"{REFUSED} (after 1ms in state CONNECT, 4 identical error(s) suppressed)"))
    clock.now = AGAIN_SECONDS - 1
    assert not said.filter(line(f"{REFUSED} (after 0ms in state CONNECT)"))
    clock.now = AGAIN_SECONDS
    assert said.filter(line(f"{REFUSED} (after 0ms in state CONNECT)"))


@pytest.mark.parametrize("other", [REFUSED.replace("producer-1", "consumer-2"), REFUSED.replace("9092", "9093")])
def test_another_client_and_another_broker_are_said(said: SaidOnce, other: str) -> None:
    assert said.filter(line(REFUSED))
    assert said.filter(line(other))


def test_ever_new_lines_are_all_said_and_not_all_remembered(said: SaidOnce) -> None:
    assert all(said.filter(line(f"broker {number}")) for number in range(10_000))
    assert said.filter(line("broker 1"))
