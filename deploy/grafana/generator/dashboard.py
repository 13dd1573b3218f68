"""A dashboard: rows of panels, its variables, and its JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deploy.grafana.generator.panel import DATASOURCE, Json, Panel

SCHEMA_VERSION: Final = 39
"""Grafana 11's; 12 reads it, too."""

_COLUMNS: Final = 24
_TAG: Final = "alerting"


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under a heading, from left to right and on to the next line."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What is shown on one page."""

    uid: str
    title: str
    description: str
    rows: Sequence[Row]
    by_service: bool = False
    """Whether one can choose among services."""

    def json(self) -> Json:
        """Return what Grafana imports."""
        return {
            "uid": self.uid,
            "title": self.title,
            "description": self.description,
            "tags": [_TAG],
            "schemaVersion": SCHEMA_VERSION,
            "editable": True,
            "graphTooltip": 1,
            "refresh": "30s",
            "time": {"from": "now-1h", "to": "now"},
            "timezone": "",
            "annotations": {"list": []},
            "links": [_LINK],
            "templating": {"list": [_SOURCES, *([_SERVICES] if self.by_service else [])]},
            "panels": self._panels(),
        }

    def _panels(self) -> list[Json]:
        panels: list[Json] = []
        y = 0
        for row in self.rows:
            panels.append(_heading(row.title, len(panels) + 1, y))
            y += 1
            x = height = 0
            for panel in row.panels:
                if x + panel.width > _COLUMNS:
                    x, y = 0, y + height
                    height = 0
                panels.append(panel.json(len(panels) + 1, x, y))
                x, height = x + panel.width, max(height, panel.height)
            y += height
        return panels


def _heading(title: str, number: int, y: int) -> Json:
    place = {"h": 1, "w": _COLUMNS, "x": 0, "y": y}
    return {"id": number, "type": "row", "title": title, "collapsed": False, "gridPos": place, "panels": []}


_LINK: Final[Json] = {
    "type": "dashboards",
    "title": "alerting",
    "tags": [_TAG],
    "asDropdown": False,
    "includeVars": True,
    "keepTime": True,
    "targetBlank": False,
}
_SOURCES: Final[Json] = {
    "name": "datasource",
    "label": "Prometheus",
    "type": "datasource",
    "query": "prometheus",
    "refresh": 1,
    "regex": "",
    "hide": 0,
    "includeAll": False,
    "multi": False,
    "options": [],
    "current": {},
}
_SERVICES: Final[Json] = {
    "name": "service",
    "label": "Service",
    "type": "query",
    "datasource": DATASOURCE,
    "query": {"query": "label_values(alerting_build_info, service)", "refId": "services"},
    "definition": "label_values(alerting_build_info, service)",
    "refresh": 2,
    "regex": "",
    "sort": 1,
    "hide": 0,
    "includeAll": True,
    "allValue": ".*",
    "multi": True,
    "options": [],
    "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
}
