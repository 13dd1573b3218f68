"""The dashboards and the rules ask for what there is, and show it whole."""

import json
import re
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from alerting.runtime.telemetry import EVERY_METRIC
from deploy.grafana.generator.__main__ import DASHBOARDS, GUIDE, ROOT, made
from deploy.grafana.generator.dashboard import Dashboard
from deploy.grafana.generator.tables import alerts, replaced
from fix_promql import Matcher, Selector, family, grouped, selectors

FOLDER = ROOT / "deploy/grafana/dashboards"
RULES = yaml.safe_load((ROOT / "deploy/grafana/rules/alerting.yaml").read_text())["groups"]
RECORDED = {rule["record"]: rule["expr"] for group in RULES for rule in group["rules"] if "record" in rule}
LISTED = {each.name: each for each in EVERY_METRIC}
# Prometheus's own, and those of prometheus_client on Linux.
OTHERS: dict[str, set[str]] = {
    "up": set(),
    "ALERTS": {"alertname", "alertstate", "severity"},
    "process_start_time_seconds": set(),
    "process_cpu_seconds_total": set(),
    "process_resident_memory_bytes": set(),
    "process_open_fds": set(),
    "process_max_fds": set(),
}
TARGET = {"job", "instance"}


PAGES: list[dict[str, Any]] = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))]

PANELS = [
    pytest.param(panel, id=f"{page['uid']}: {panel['title']}")
    for page in PAGES
    for panel in page["panels"]
    if panel["type"] != "row"
]
EXPRESSIONS = {
    **{
        f"{page['uid']}: {panel['title']}: {target['refId']}": target["expr"]
        for page in PAGES
        for panel in page["panels"]
        for target in panel.get("targets", ())
    },
    **{rule["alert"] + " " + rule["labels"]["severity"]: rule["expr"] for rule in alerts()},
    **RECORDED,
}


def labels(series: str) -> set[str]:
    """Return the labels of a series, but for those that Prometheus gives it."""
    if series in OTHERS:
        return OTHERS[series]
    if series in RECORDED:
        return grouped(RECORDED[series]) - {"le"}
    listed = LISTED.get(series) or LISTED[family(series)]
    return {*listed.labels, *(["le"] if series.endswith("_bucket") else [])}


@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS.keys())
def test_a_query_asks_for_what_there_is(expression: str) -> None:
    found = list(selectors(expression))
    assert found
    there = {"job", "instance"}
    for selector in found:
        if selector.metric in LISTED:
            assert LISTED[selector.metric].kind != "histogram"
        there |= labels(selector.metric)
        assert {matcher.label for matcher in selector.matchers} <= labels(selector.metric) | TARGET
    assert grouped(expression) <= there


def closed(selector: Selector, matcher: Matcher) -> tuple[str, ...]:
    """Return the values that a label can have, when that is known."""
    listed = LISTED.get(selector.metric) or LISTED.get(family(selector.metric))
    return tuple(listed.labels.get(matcher.label, ())) if listed else ()


@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS.keys())
def test_a_query_asks_for_values_that_there_are(expression: str) -> None:
    for selector in selectors(expression):
        for matcher in selector.matchers:
            values = closed(selector, matcher)
            if values and "$" not in matcher.value:
                assert any(re.fullmatch(matcher.value, value) for value in values), matcher


@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS.keys())
def test_a_bucket_that_is_asked_for_is_one(expression: str) -> None:
    for selector in selectors(expression):
        for matcher in selector.matchers:
            if matcher.label == "le":
                metric = LISTED[family(selector.metric)].metric
                assert float(matcher.value) in metric._upper_bounds  # type: ignore[union-attr]


def test_no_metric_is_left_out() -> None:
    asked = {selector.metric for expression in EXPRESSIONS.values() for selector in selectors(expression)}
    assert LISTED.keys() - asked - {family(name) for name in asked} == set()


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_is_complete(panel: dict[str, Any]) -> None:
    assert panel["type"] in {"timeseries", "stat"}
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
    assert panel["fieldConfig"]["defaults"]["unit"] in {"short", "none", "s", "bytes", "percentunit", "cps", "reqps"}
    assert panel["fieldConfig"]["defaults"]["thresholds"]["steps"][0] == {"color": "green", "value": None}
    references = [target["refId"] for target in panel["targets"]]
    assert references == sorted(set(references))
    for target in panel["targets"]:
        assert target["datasource"] == panel["datasource"]
        used = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
        asked = grouped(target["expr"])
        bare = not re.search(r"\b(sum|max|min|count|avg)\b", target["expr"])
        assert used <= asked | ({"instance"} if bare or "group_left" in target["expr"] else set())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["uid"])
def test_panels_do_not_overlap(page: dict[str, Any]) -> None:
    cells = [
        set(product(range(at["x"], at["x"] + at["w"]), range(at["y"], at["y"] + at["h"])))
        for at in (panel["gridPos"] for panel in page["panels"])
    ]
    assert all(not one & other for one, other in combinations(cells, 2))
    assert max(x for each in cells for x, _ in each) < 24
    assert len({panel["id"] for panel in page["panels"]}) == len(page["panels"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["uid"])
def test_a_page_uses_the_variables_that_it_has(page: dict[str, Any]) -> None:
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(page["panels"])))
    assert used - {"__rate_interval"} == {variable["name"] for variable in page["templating"]["list"]}


def test_pages_have_names_that_stay() -> None:
    assert [each.uid for each in DASHBOARDS] == ["alerting-overview", "alerting-services", "alerting-delivery"]
    assert {path.stem for path in FOLDER.iterdir()} == {each.uid for each in DASHBOARDS}


@pytest.mark.parametrize(("path", "text"), made().items(), ids=made().keys())
def test_what_is_committed_is_what_the_generator_makes(path: str, text: str) -> None:
    assert (ROOT / path).read_text() == text, "make dashboards"


def test_a_table_needs_its_place() -> None:
    guide = (ROOT / GUIDE).read_text()
    assert "| x |" in replaced(guide, "metrics", "| x |\n")
    with pytest.raises(ValueError, match="elsewhere"):
        replaced(guide, "elsewhere", "| x |\n")


def test_a_panel_too_many_goes_to_the_next_line() -> None:
    page = DASHBOARDS[0].json()
    assert isinstance(DASHBOARDS[0], Dashboard)
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in page["panels"]]
    assert places == sorted(places, key=lambda place: (place[1], place[0]))
    assert Path(FOLDER / f"{page['uid']}.json").exists()
