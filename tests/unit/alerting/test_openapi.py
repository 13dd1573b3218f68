import json
import sys
from pathlib import Path

import pytest

from alerting.openapi import applications, main, rendered, write

SERVICES = {"alert-producer", "ingest", "metrics", "rule-service"}


def test_it_writes_one_document_for_each_service(tmp_path: Path) -> None:
    write(tmp_path / "made")
    documents = {file.stem: json.loads(file.read_text("utf-8")) for file in (tmp_path / "made").iterdir()}
    assert documents.keys() == SERVICES
    assert {name: document["paths"] for name, document in documents.items() if not document["paths"]} == {}


def test_it_writes_the_same_every_time() -> None:
    first, second = ({name: rendered(app.openapi()) for name, app in applications().items()} for _ in range(2))
    assert first == second


def test_the_order_of_keys_does_not_matter() -> None:
    assert (
        rendered({"b": [2, 1], "a": "é"})
        == rendered({"a": "é", "b": [2, 1]})
        == ('{\n  "a": "é",\n  "b": [\n    2,\n    1\n  ]\n}\n')
    )


def test_it_needs_to_know_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["openapi"])
    with pytest.raises(SystemExit, match="usage"):
        main()
