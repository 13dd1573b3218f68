"""The checks of our own services."""

from collections.abc import Callable, Mapping
from typing import Final

from alerting.doctor.answer import Unknown, known
from alerting.doctor.facts import Facts
from alerting.doctor.finding import Finding, fail, ok, skipped, warn
from alerting.metrics.trouble import NEEDED

_MUCH: Final = 100


def alive(facts: Facts) -> Finding:
    """Judge whether every service has a process."""
    there = {beat.service for beat in known(facts.redis.beats)}
    missing = [name for name in NEEDED if name not in there]
    if missing:
        return fail("services.alive", f"no heartbeat of {', '.join(missing)}")
    if "metrics" not in there:
        return warn("services.alive", "no heartbeat of metrics: the UI has no figures")
    return ok("services.alive", f"{len(known(facts.redis.beats))} processes of {len(there)} services")


def versions(facts: Facts) -> Finding:
    """Judge whether all are of one version."""
    beats = known(facts.redis.beats)
    others = [f"{beat.service} {beat.instance} is {beat.version}" for beat in beats if beat.version != facts.version]
    if others:
        return warn("services.versions", f"this command is {facts.version}; {', '.join(sorted(others))}")
    if not beats:
        return skipped("services.versions", "there is no process")
    return ok("services.versions", f"all are {facts.version}")


def rules(facts: Facts) -> Finding:
    """Judge whether the evaluators follow the rule set."""
    newest = known(facts.redis.rules_version)
    evaluators = [beat for beat in known(facts.redis.beats) if beat.service == "evaluator"]
    if not evaluators or newest is None:
        return skipped("services.rules", "there is no evaluator" if not evaluators else "there is no rule set")
    behind = {beat.instance: beat.rules_version for beat in evaluators if (beat.rules_version or 0) < newest}
    if not behind:
        return ok("services.rules", f"{len(evaluators)} of {len(evaluators)} evaluators have version {newest}")
    found = ", ".join(f"{name} has {'none' if there is None else there}" for name, there in sorted(behind.items()))
    text = f"the newest is {newest}; {found}"
    far = any(there is None or newest - there > _MUCH for there in behind.values())
    # A heartbeat is some seconds old, and rules may have changed since.
    return fail("services.rules", text) if far else warn("services.rules", text)


def ready(facts: Facts) -> Finding:
    """Judge what the services say of themselves."""
    if not facts.ready:
        return skipped("services.ready", "no address is given: --url, or ALERTING_INGEST_URL and its like")
    wrong = []
    for url, answer in facts.ready.items():
        said = answer.because if isinstance(answer, Unknown) else answer
        if said is not None:
            wrong.append(f"{url} {said}")
    if wrong:
        return fail("services.ready", "; ".join(wrong))
    return ok("services.ready", ", ".join(facts.ready))


JUDGES: Final[Mapping[str, Callable[[Facts], Finding]]] = {
    "services.alive": alive,
    "services.versions": versions,
    "services.rules": rules,
    "services.ready": ready,
}
