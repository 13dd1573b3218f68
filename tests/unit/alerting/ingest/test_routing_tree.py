from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from alerting.ingest.integration import Integration, IntegrationSettings
from alerting.ingest.routing_tree import MOST_ROUTES, NO_RULE, configuration
from alerting.ingest.rules import Rule, Rules

PROM = Integration("prom", IntegrationSettings())
ONE_LABEL = Integration("one", IntegrationSettings(source_labels=("job",), severity_labels=("severity",)))


def routes(*rules: Rule, integration: Integration = ONE_LABEL) -> list[tuple[str, list[str]]]:
    document = parsed(configuration(Rules(rules), integration))
    assert all(route["continue"] for route in document["route"].get("routes", []))
    return [(route["receiver"], route["matchers"]) for route in document["route"].get("routes", [])]


def parsed(text: str) -> Any:
    return yaml.safe_load(text)


def test_no_rules() -> None:
    text = configuration(Rules([]), PROM)
    assert parsed(text) == {"route": {"receiver": NO_RULE}, "receivers": [{"name": NO_RULE}]}


def test_a_rule_without_wildcards() -> None:
    assert routes(Rule("r1", "CRITICAL", "node", "Disk")) == [
        ("r1", ['severity=~"(?i)critical|fatal|emergency|page|disaster|p1|s1|sev1"', 'job="node"', 'alertname="Disk"'])
    ]


def test_wildcards_have_no_matchers() -> None:
    assert routes(Rule("r1", "*", "*", "*")) == [("r1", [])]


def test_the_default_severity_is_every_unknown_word() -> None:
    found = routes(Rule("r1", "MEDIUM", "*", "*"))
    assert [len(matchers) for _, matchers in found] == [2, 1]
    assert found[0][1][0] == 'severity!=""'
    assert found[0][1][1].startswith('severity!~"(?i)critical|')
    assert "warning" not in found[0][1][1]
    assert found[1] == ("r1", ['severity=""'])


def test_the_default_source_is_the_absence_of_all() -> None:
    assert routes(Rule("r1", "*", "one", "*")) == [("r1", ['job="one"']), ("r1", ['job=""'])]


def test_each_label_in_its_turn() -> None:
    found = routes(Rule("r1", "*", "node", "*"), integration=PROM)
    assert [matchers for _, matchers in found] == [
        ['source="node"'],
        ['source=""', 'service="node"'],
        ['source=""', 'service=""', 'job="node"'],
        ['source=""', 'service=""', 'job=""', 'namespace="node"'],
        ['source=""', 'service=""', 'job=""', 'namespace=""', 'cluster="node"'],
    ]


def test_a_severity_that_no_word_means() -> None:
    words = dict.fromkeys(PROM.words, "HIGH")
    own = Integration("own", IntegrationSettings.model_validate({"severity_map": words}))
    assert routes(Rule("r1", "LOW", "*", "*"), integration=own) == []


@pytest.mark.parametrize(
    "text", ['"', "\\", "\n", "\x85", "\u2028", "☃", "𝄞", "{a=b}", ",", "#", "\x7f", "\ufeff", "'"]
)
def test_any_text_survives(text: str) -> None:
    ((receiver, (matcher,)),) = routes(Rule(text, "*", "*", text))
    assert receiver == text
    assert matcher.startswith('alertname="')
    assert matcher[11:-1].replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\") == text


def test_labels_beyond_the_classic_ones_are_quoted() -> None:
    own = Integration("own", IntegrationSettings(name_label="alert.name"))
    assert routes(Rule("r1", "*", "*", "Disk"), integration=own) == [("r1", ['"alert.name"="Disk"'])]


def test_what_is_cut_is_said() -> None:
    assert "Cut" not in configuration(Rules([Rule("r1", "*", "*", "a")]), PROM)
    assert "# Cut: there are more rules than these, the newest 1." in configuration(
        Rules([Rule("r1", "*", "*", "a")], cut=True), PROM
    )
    many = Rules([Rule(f"r{number}", "MEDIUM", "prom", "x") for number in range(1_000)])
    text = configuration(many, PROM)
    assert "# Cut" in text
    assert text.count("- receiver:") < MOST_ROUTES + 100
