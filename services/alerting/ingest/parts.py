"""The parts that the routes share."""

from dataclasses import dataclass

from fastapi import Request

from alerting.ingest.activity import Activity
from alerting.ingest.body import Bodies
from alerting.ingest.episodes import Episodes
from alerting.ingest.intake import Intake
from alerting.ingest.integration import DEFAULT, Integration, Integrations
from alerting.ingest.journal import Journal
from alerting.ingest.rules import RuleBook


@dataclass(frozen=True)
class Parts:
    """What an application has, in its state."""

    bodies: Bodies
    bodies_of_unknown: Bodies
    """Those that are read before it is known who sends: however many they are, the others have room."""
    integrations: Integrations
    intake: Intake
    episodes: Episodes
    activity: Activity
    journal: Journal
    rules: RuleBook
    started_at: int
    """Unix microseconds."""


def parts_of(request: Request) -> Parts:
    """Return the parts of a request's application."""
    parts: Parts = request.app.state.parts
    return parts


def integration_of(request: Request) -> Integration:
    """Return the integration that a request's path names, or the one of paths that name none."""
    return parts_of(request).integrations.get(request.path_params.get("integration", DEFAULT))
