"""Logs: one line of JSON each, whoever wrote them."""

import json
import subprocess
import sys
import textwrap
from typing import Any

SECRET = "s3cr3t-w0rd"

WRITE = f"""
import logging, warnings
import structlog
from alerting.runtime import logs
from alerting.runtime.config import Settings
settings = Settings(instance="i-1", postgres_dsn="postgresql://u:{SECRET}@h/db", kafka_properties={{"a": "{SECRET}"}})
log = structlog.get_logger("mine")
logs.configure(settings, "evaluator")
log.info("hello", count=3, weird=object, text="two\\nlines", raw=b"\\xff")
log.debug("too quiet")
logging.getLogger("librdkafka").warning("FAIL [%s]", "thrd")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("caught")
log.info("settings", settings=settings)
warnings.warn("old")
raise ValueError("the end")
"""


def written(program: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_every_line_is_json_and_says_who_and_when() -> None:
    code, text = written(WRITE)
    assert code == 1
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    assert [line["event"].split("\n")[0] for line in lines[:2]] == ["hello", "FAIL [thrd]"]
    assert {line["service"] for line in lines} == {"evaluator"}
    assert {line["instance"] for line in lines} == {"i-1"}
    assert all(line["timestamp"].endswith("Z") for line in lines)
    assert [line["level"] for line in lines] == ["info", "warning", "error", "info", "warning", "critical"]
    assert "ZeroDivisionError" in lines[2]["exception"]
    assert "ValueError: the end" in lines[-1]["exception"]
    assert SECRET not in text


def test_people_get_lines_to_read() -> None:
    program = WRITE.replace('instance="i-1"', 'instance="i-1", log_format="console", log_level="debug"')
    _, text = written(program)
    assert "hello" in text
    assert "too quiet" in text
    assert not text.startswith("{")


TRACED = """
import os
os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:4318"
import structlog
from opentelemetry.sdk.trace import TracerProvider
from alerting.runtime import logs
from alerting.runtime.config import Settings
from alerting.runtime.tracing.spans import Tracing
logs.configure(Settings(), "sender")
log = structlog.get_logger("mine")
with Tracing(TracerProvider(), Settings()).calling("x", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", {}):
    log.info("within")
log.info("after")
"""


def test_what_is_traced_says_so_where_traces_are_on() -> None:
    lines = [json.loads(line) for line in written(TRACED)[1].splitlines()]
    assert [(line["event"], line.get("trace_id")) for line in lines] == [
        ("within", "0af7651916cd43dd8448eb211c80319c"),
        ("after", None),
    ]
