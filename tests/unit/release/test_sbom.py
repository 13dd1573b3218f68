import json

from release.sbom import named


def test_a_document_says_which_version_it_is_of() -> None:
    document = {"components": [{"name": "numpy"}], "metadata": {"component": {"name": "matchcore", "type": "library"}}}
    made = json.loads(named(json.dumps(document), "matchcore", "1.2.0"))
    assert made["metadata"]["component"] == {
        "name": "matchcore", "type": "library", "version": "1.2.0", "purl": "pkg:pypi/matchcore@1.2.0",
    }  # fmt: skip
    assert made["components"] == document["components"]


def test_a_document_is_written_the_same_way_every_time() -> None:
    first, second = '{"metadata": {"component": {}}, "a": 1}', '{"a": 1, "metadata": {"component": {}}}'
    assert named(first, "alerting", "1.0.0") == named(second, "alerting", "1.0.0")
