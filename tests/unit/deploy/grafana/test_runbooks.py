"""The runbooks and the pages beside them name what there is, and say of each alert what its rule says."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from alerting.doctor.catalog import CHECKS
from alerting.doctor.known_settings import known_variables
from alerting.runtime.telemetry import EVERY_METRIC
from alerting.runtime.topics import TOPICS
from deploy.grafana.generator.tables import alerts
from fix_guide import CHECKOUT, guide, spans
from fix_promql import family, selectors

RUNBOOKS = sorted((CHECKOUT / "docs/runbooks").glob("Alerting*.md"))
PAGES = [*RUNBOOKS, *CHECKOUT.glob("docs/operations/*.md")]
PANELS = {
    panel["title"]
    for path in CHECKOUT.glob("deploy/grafana/dashboards/*.json")
    for panel in json.loads(path.read_text())["panels"]
}
UI = set(re.findall('title: "(.*?)"', guide("ui/src/app/navigation.ts")))
RECORDED = set(re.findall("record: (.*)", guide("deploy/grafana/rules/alerting.yaml")))
HEADINGS = set(re.findall("^#+ (.*)", guide("docs/platform.md"), re.MULTILINE))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_a_page_names_is_there(path: Path) -> None:
    text = path.read_text()
    assert set(re.findall(r"\bALERTING_\w*[A-Z]\b", text)) <= known_variables()
    checks = re.findall(r"\b[a-z]+\.[a-z_]+\b", "".join(re.findall(r"^alerting doctor\s+#(.*)$", text, re.MULTILINE)))
    assert set(checks) - set(TOPICS) <= CHECKS.keys()
    metrics = {selector.metric for span in spans(text) for selector in selectors(span)}
    assert {family(metric) for metric in metrics} <= {each.name for each in EVERY_METRIC} | RECORDED | {"up"}
    if path in RUNBOOKS:
        assert set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text)) <= PANELS | UI | HEADINGS


SAID = {
    "AlertingAlertsRefused": {"5 %": "> 0.05", "15 minutes": "for 15m"},
    "AlertingConsumerBehind": {"last five minutes": "[5m]", "more than five minutes": "> 300"},
    "AlertingConsumerLagGrowing": {"1,000": "> 1000", "half an hour": "[15m])) > 1 for 15m"},
    "AlertingConsumerStuck": {"ten minutes": "[5m])) > 0) for 5m"},
    "AlertingDeadLetters": {"has refused": "alerting_dead_letters_waiting) > 0"},
    "AlertingDeliveriesExpired": {"last hour": "[1h]"},
    "AlertingDeliveriesOverdue": {"two minutes": "> 120"},
    "AlertingDeliveryFailures": {"25 minutes": "[15m])) > 20 for 10m", "half": "> 0.5", "twenty": "> 20"},
    "AlertingFirstAttemptsLate": {"14.4 %": "> 14.4 * 0.01", "6 %": "> 6 * 0.01"},
    "AlertingIngestErrorBudgetBurn": {"0.1 %": "> 14.4 * 0.001", "five (warning)": "> 6 * 0.001"},
    "AlertingKafkaUnavailable": {"two minutes": "for 2m", "number of processes": "count by"},
    "AlertingManyBreakersOpen": {"25": "> 25"},
    "AlertingMetricsAbsent": {"is scraped": "absent(alerting_build_info"},
    "AlertingNoAlertsComingIn": {"half an hour before": "for 30m", "yesterday": "offset 1d", "a week ago": "offset 1w"},
    "AlertingNobodyWritesRules": {"two minutes": "for 2m"},
    "AlertingOutboxNotDrained": {"two minutes": "> 120"},
    "AlertingPostgresUnavailable": {"two minutes": "for 2m", "number of processes": "count by"},
    "AlertingRedisUnavailable": {"two minutes": "for 2m"},
    "AlertingRetentionNotRunning": {"three hours": "[2h])) == 0 for 1h"},
    "AlertingRuleVersionsApart": {"for minutes": "[5m]) == 0 for 2m"},
    "AlertingRulesStale": {"two minutes": "> 120", "after a minute": "for 1m"},
    "AlertingServiceDown": {"No process": "== 0"},
    "AlertingTargetDown": {"last hour": "[1h]", "five minutes": "for 5m"},
}
"""What a page says of its alert, by the words of the rule."""


@pytest.mark.parametrize("path", RUNBOOKS, ids=lambda path: path.stem)
def test_a_page_says_when_its_alert_fires(path: Path) -> None:
    rules = [rule for rule in alerts() if rule["alert"] == path.stem]
    written = "; ".join(f"{' '.join(rule['expr'].split())} for {rule.get('for')}" for rule in rules)
    means = " ".join(path.read_text().partition("## What it does")[0].split())
    for words, expression in SAID[path.stem].items():
        assert words in means
        assert expression in written


def test_the_expressions_of_the_pages_are_some(program: Callable[[str], str], tmp_path: Path) -> None:
    found = {span for path in PAGES for span in spans(path.read_text())}
    rules = [
        {"record": f"a:{number}", "expr": span}
        for number, span in enumerate(sorted(found))
        if re.search(r"\balerting[_:]\w", span)
    ]
    assert len(rules) > len(RUNBOOKS) / 2
    (tmp_path / "rules.yml").write_text(json.dumps({"groups": [{"name": "pages", "rules": rules}]}))
    command = [program("promtool"), "check", "rules", str(tmp_path / "rules.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
