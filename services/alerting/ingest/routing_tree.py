"""The rules as an Alertmanager's configuration, so that ``amtool config routes test`` tells which of them match.

An alert's source is the first of several labels that it has, and so is its severity. A route's matchers are joined by
"and", so a rule needs a route for each label in which its source, and each in which its severity, may be: at most one
of them matches. All have the rule's id as their receiver, and all let the rules after them have their turn.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import orjson

from alerting.ingest.integration import Integration
from alerting.ingest.rules import Rule, Rules

NO_RULE: Final = "no-rule"
"""The receiver of alerts that no rule matches."""
MOST_ROUTES: Final = 20_000

_CLASSIC: Final = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
# JSON's text is YAML's, but for characters that YAML takes for no part of a text, or for the end of a line.
_NOT_YAML: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

Matchers = tuple[str, ...]


def configuration(rules: Rules, integration: Integration) -> str:
    """Write the rules as a configuration in YAML."""
    lines = ["# The rules in force, as Alertmanager would write them: a receiver is a rule's id."]
    routes: list[str] = []
    receivers = [NO_RULE]
    cut = rules.cut
    for rule in rules.all:
        if len(routes) >= MOST_ROUTES:
            cut = True
            break
        routes += (_route(rule.id, matchers) for matchers in _alternatives(rule, integration))
        receivers.append(rule.id)
    if cut:
        lines.append(f"# Cut: there are more rules than these, the newest {len(receivers) - 1}.")
    lines += ["route:", f"  receiver: {_text(NO_RULE)}"]
    if routes:
        lines += ["  routes:", *routes]
    lines += ["receivers:", *(f"- name: {_text(receiver)}" for receiver in dict.fromkeys(receivers))]
    return "\n".join(lines) + "\n"


def _route(receiver: str, matchers: Matchers) -> str:
    listed = ", ".join(map(_text, matchers))
    return f"  - receiver: {_text(receiver)}\n    continue: true\n    matchers: [{listed}]"


def _alternatives(rule: Rule, integration: Integration) -> Iterator[Matchers]:
    name = () if rule.name == "*" else (_matcher(integration.settings.name_label, "=", rule.name),)
    for severity in _severities(rule.severity, integration):
        for source in _sources(rule.source, integration):
            # Together they may ask twice for the same label to be absent.
            yield tuple(dict.fromkeys((*severity, *source, *name)))


def _sources(source: str, integration: Integration) -> Iterator[Matchers]:
    labels = integration.settings.source_labels
    if source == "*":
        yield ()
        return
    for place, label in enumerate(labels):
        yield (*_absent(labels[:place]), _matcher(label, "=", source))
    if source == integration.default_source:
        yield _absent(labels)


def _severities(severity: str, integration: Integration) -> Iterator[Matchers]:
    labels = integration.settings.severity_labels
    if severity == "*":
        yield ()
        return
    default = severity == integration.settings.default_severity
    words = [word for word, meaning in integration.words.items() if (meaning == severity) is not default]
    for place, label in enumerate(labels):
        if default:
            # An unknown word has the default's meaning, so it is every word but the others'.
            yield (*_absent(labels[:place]), _matcher(label, "!=", ""), _matcher(label, "!~", _any_of(words)))
        elif words:
            yield (*_absent(labels[:place]), _matcher(label, "=~", _any_of(words)))
    if default:
        yield _absent(labels)


def _any_of(words: Sequence[str]) -> str:
    return "(?i)" + "|".join(map(re.escape, words))


def _absent(labels: Sequence[str]) -> Matchers:
    return tuple(_matcher(label, "=", "") for label in labels)


def _matcher(label: str, operator: str, value: str) -> str:
    # Names beyond the classic ones are read by releases that know them, in quotes.
    name = label if _CLASSIC.fullmatch(label) else _quoted(label)
    return f"{name}{operator}{_quoted(value)}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _text(value: str) -> str:
    return _NOT_YAML.sub(lambda found: f"\\U{ord(found[0]):08x}", orjson.dumps(value).decode())
