"""Asks everything at once, each for a bounded time, so that whoever does not answer hides no other."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from alerting import __version__
from alerting.doctor import kafka_facts, mail_facts, postgres_facts, ready_facts, redis_facts
from alerting.doctor.answer import Unknown, ask, reason
from alerting.doctor.facts import Disk, Facts, Fault, KafkaFacts, PostgresFacts, RedisFacts, SettingsFacts
from alerting.doctor.settings_facts import DoctorSettings, faults, insecure_endpoints, readable_settings, unread
from alerting.runtime.topic_plan import plan

SECONDS: Final = 40.0
"""More than the questions to one dependency take together when it answers each of them late."""

_AREAS: Final[Mapping[str, str]] = {
    "POSTGRES": "postgres",
    "REDIS": "redis",
    "KAFKA": "kafka",
    "SMTP": "mail",
    "SES": "mail",
}
_NAMES: Final[Mapping[str, str]] = {"postgres": "PostgreSQL", "redis": "Redis", "kafka": "the broker"}


def examine(*, urls: Sequence[str] = (), data_dir: Path | None = None, seconds: float = SECONDS) -> Facts:
    """Find out everything that can be found out within a time."""
    wrong = faults()
    facts = Facts(
        settings=SettingsFacts(wrong, unread(os.environ), insecure_endpoints()),
        now=datetime.now(UTC),
        version=__version__,
    )
    settings = readable_settings(wrong)
    looks: dict[str, Callable[[], None]] = {}
    if settings is None:
        for area in _NAMES:
            _blank(facts, area, Unknown("the settings cannot be read"))
        facts.mail = Unknown("the settings cannot be read")
    else:
        _tell(facts, settings)
        looks = _looks(settings, facts)
        for area, fault in _unusable(wrong).items():
            looks.pop(area, None)
            _blank(facts, area, Unknown(f"{fault.variable} cannot be read"))
    looks |= {url: partial(_look_ready, url, facts) for url in urls}
    if data_dir is not None:
        looks["disk"] = partial(_look_at_disk, data_dir, facts)
    facts.ready |= dict.fromkeys(urls, Unknown("gives no answer in time"))
    _all_at_once(looks, facts, seconds)
    return facts


def _tell(facts: Facts, settings: DoctorSettings) -> None:
    """Put into the facts what the settings say."""
    facts.redis_url = settings.redis_url.get_secret_value()
    facts.kafka_servers = settings.kafka_bootstrap_servers
    facts.kafka_protocol = settings.kafka_properties.get("security.protocol", settings.kafka_security_protocol)
    facts.planned_topics = plan(settings)
    facts.retention_days = settings.retention_days
    facts.allowed_networks = settings.allowed_networks
    facts.smtp_login = bool(settings.smtp_password.get_secret_value())
    facts.smtp_starttls = settings.smtp_starttls


def _looks(settings: DoctorSettings, facts: Facts) -> dict[str, Callable[[], None]]:
    def mail() -> None:
        facts.mail = ask(lambda: mail_facts.look(settings))

    return {
        "postgres": partial(postgres_facts.look, settings, facts.postgres),
        "redis": partial(redis_facts.look, settings, facts.redis),
        "kafka": partial(kafka_facts.look, settings, facts.kafka),
        "mail": mail,
    }


def _unusable(wrong: Sequence[Fault]) -> Mapping[str, Fault]:
    """Return the areas whose address is wrong, so that another would be asked."""
    found = {}
    for fault in wrong:
        area = _AREAS.get(fault.variable.split("_")[1]) if "_" in fault.variable else None
        if area is not None:
            found[area] = fault
    return found


def _look_ready(url: str, facts: Facts) -> None:
    facts.ready[url] = ask(lambda: ready_facts.look(url))


def _look_at_disk(folder: Path, facts: Facts) -> None:
    def usage() -> Disk:
        found = shutil.disk_usage(folder)
        return Disk(found.free, found.total)

    facts.disk = ask(usage)


def _blank(facts: Facts, area: str, gap: Unknown) -> None:
    """Say of everything that an area would have answered why it did not."""
    parts: dict[str, PostgresFacts | RedisFacts | KafkaFacts] = {
        "postgres": facts.postgres,
        "redis": facts.redis,
        "kafka": facts.kafka,
    }
    if area not in parts:
        facts.mail = gap
        return
    for each in fields(parts[area]):
        setattr(parts[area], each.name, gap)


_FIRST: Final[Mapping[str, str]] = {"postgres": "server", "redis": "server", "kafka": "brokers"}
"""The answer that tells whether a dependency lets us in at all."""


def _guarded(area: str, look: Callable[[], None], facts: Facts) -> None:
    try:
        look()
    except Exception as error:  # whatever it is, the others are to be asked  # noqa: BLE001
        _blank(facts, area, Unknown(f"{_NAMES[area]} does not let us in"))
        setattr(getattr(facts, area), _FIRST[area], Unknown(reason(error)))


def _all_at_once(looks: Mapping[str, Callable[[], None]], facts: Facts, seconds: float) -> None:
    # Daemons: one that hangs in a library that knows no time-out does not keep the command from its end.
    threads = [
        threading.Thread(target=_guarded, args=(area, look, facts), name=f"doctor-{area}", daemon=True)
        for area, look in looks.items()
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
