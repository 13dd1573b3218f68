"""What is set, and what of it cannot be read."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import SettingsError

from alerting.doctor.facts import Fault, Unread
from alerting.doctor.known_settings import SERVICES, known_variables, variable
from alerting.rule_service.settings import RuleServiceSettings
from alerting.runtime.config import Settings
from alerting.runtime.secret_files import VARIABLE
from alerting.runtime.topic_settings import TopicSettings
from alerting.sender.settings import SenderSettings


class DoctorSettings(SenderSettings, TopicSettings):
    """What `alerting doctor` reads: where everything is, and what is to be compared with it."""


def faults() -> list[Fault]:
    """Return what stops a service at its start; a setting that several have counts once."""
    found = {fault.variable: fault for kind in SERVICES.values() for fault in _faults(kind)}
    return list(found.values())


def readable_settings(wrong: Sequence[Fault]) -> DoctorSettings | None:
    """Return the settings without those that are wrong; None when there is no reading them at all."""
    with _without({fault.variable for fault in wrong}):
        try:
            return DoctorSettings()
        except (ValidationError, SettingsError):
            return None


def insecure_endpoints() -> bool:
    """Tell whether endpoints may be reached without TLS."""
    try:
        return RuleServiceSettings().allow_insecure_endpoints
    except (ValidationError, SettingsError):
        return False


def unread(env: Mapping[str, str]) -> list[Unread]:
    """Return the variables and files that look like settings and are none, with what they may be meant to be."""
    known = known_variables()
    names = [name for name in env if name.startswith("ALERTING_")] + _files(env.get(VARIABLE, ""))
    strangers = sorted({name for name in names if name.upper() not in known})
    return [
        Unread(name, next(iter(get_close_matches(name.upper(), known, n=1, cutoff=0.8)), None)) for name in strangers
    ]


def _files(folder: str) -> list[str]:
    try:
        return (
            [file.name for file in Path(folder).iterdir() if file.name.upper().startswith("ALERTING_")]
            if folder
            else []
        )
    except OSError:
        return []


def _faults(kind: type[Settings]) -> list[Fault]:
    try:
        kind()
    except SettingsError as error:
        # It is of one setting, or of the directory of secrets, and names it in its text.
        name = re.search(r'field "(\w+)"', str(error))
        return [Fault(variable(name[1]) if name else VARIABLE, str(error))]
    except ValidationError as error:
        return [
            Fault(variable(str(fault["loc"][0])), f"{_place(fault['loc'][1:])}{fault['msg']}")
            for fault in error.errors(include_input=False, include_url=False)
        ]
    return []


def _place(parts: Sequence[int | str]) -> str:
    return ".".join(map(str, parts)) + ": " if parts else ""


@contextmanager
def _without(names: set[str]) -> Iterator[None]:
    """Take variables away for a moment."""
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
