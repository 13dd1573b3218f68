"""What is drawn, and that it is drawn again."""

from collections import Counter
from itertools import islice

import pytest

from alerting.alert_producer.catalog import CatalogAlert, load_catalog
from alerting.alert_producer.generator import AlertGenerator, Encoded, UnknownSource
from alerting.alert_producer.mix import Mix
from alerting.events.v1 import AlertNew, Severity
from fix_clock import FakeClock

CATALOG = load_catalog()


def generator(mix: Mix, seed: int = 7, prefix: str = "p", clock: FakeClock | None = None) -> AlertGenerator:
    return AlertGenerator(mix, CATALOG, seed=seed, id_prefix=prefix, clock=clock or FakeClock())


def take(count: int, mix: Mix | None = None, seed: int = 7, prefix: str = "p") -> list[Encoded]:
    return list(islice(generator(mix or Mix(), seed, prefix), count))


def alerts(encoded: list[Encoded]) -> list[AlertNew]:
    return [AlertNew.FromString(value) for _, value in encoded]


MIXED = Mix(severities={"LOW": 3, "CRITICAL": 1}, unmatched=0.1, duplicates=0.2, context_keys=10)


@pytest.mark.parametrize("mix", [Mix(), MIXED], ids=["plain", "mixed"])
def test_the_same_seed_makes_the_same_alerts_byte_for_byte(mix: Mix) -> None:
    assert take(2_500, mix) == take(2_500, mix)


def test_the_sequence_does_not_depend_on_how_many_are_taken_at_once() -> None:
    drawn = generator(MIXED)
    pieces = [alert for size in (1, 7, 999, 1_000, 493) for alert in islice(drawn, size)]
    assert pieces == take(2_500, MIXED)


def test_another_seed_makes_others() -> None:
    assert take(100, seed=1) != take(100, seed=2)


def test_the_prefix_changes_the_ids_only() -> None:
    one, other = alerts(take(100, prefix="a")), alerts(take(100, prefix="b"))
    assert not {alert.alert_id for alert in one} & {alert.alert_id for alert in other}
    assert [(alert.source, alert.name, alert.severity, dict(alert.context)) for alert in one] == [
        (alert.source, alert.name, alert.severity, dict(alert.context)) for alert in other
    ]


def test_ids_are_unique_and_are_the_keys() -> None:
    encoded = take(5_000)
    assert [key.decode() for key, _ in encoded] == [alert.alert_id for alert in alerts(encoded)]
    assert len({key for key, _ in encoded}) == 5_000


def test_alerts_are_the_catalogs_and_as_severe_as_it_says() -> None:
    found = {CatalogAlert(Severity.Name(alert.severity), alert.source, alert.name) for alert in alerts(take(3_000))}
    assert found <= set(CATALOG)


def test_every_field_is_set() -> None:
    (alert,) = alerts(take(1))
    assert (alert.schema_version, alert.event_ts, len(alert.context)) == (1, 1_700_000_000, 3)


def test_the_time_is_the_clocks() -> None:
    clock = FakeClock()
    drawn = generator(Mix(), clock=clock)
    next(drawn)
    clock.advance(60)
    assert AlertNew.FromString(next(drawn)[1]).event_ts == 1_700_000_060


def test_severities_come_by_their_weights() -> None:
    counted = Counter(
        alert.severity for alert in alerts(take(10_000, Mix(severities={"LOW": 3, "HIGH": 1, "CRITICAL": 0})))
    )
    assert set(counted) == {Severity.LOW, Severity.HIGH}
    assert 0.7 < counted[Severity.LOW] / 10_000 < 0.8


def test_sources_come_by_their_weights_whatever_the_number_of_their_alerts() -> None:
    counted = Counter(alert.source for alert in alerts(take(10_000, Mix(sources={"mysql": 3, "apache": 1}))))
    assert set(counted) == {"mysql", "apache"}
    assert 0.7 < counted["mysql"] / 10_000 < 0.8


def test_a_source_that_the_catalog_has_not_is_refused() -> None:
    with pytest.raises(UnknownSource, match="nope"):
        generator(Mix(sources={"nope": 1}))


def test_skew_makes_a_few_alerts_frequent_and_none_makes_all_alike() -> None:
    def most_frequent(skew: float) -> int:
        return Counter(alert.name for alert in alerts(take(10_000, Mix(skew=skew)))).most_common(1)[0][1]

    assert most_frequent(0) < 100
    assert most_frequent(2) > 5_000


def test_unmatched_alerts_have_names_of_their_own() -> None:
    known = {(alert.source, alert.name) for alert in CATALOG}
    strangers = [alert for alert in alerts(take(10_000, Mix(unmatched=0.2))) if (alert.source, alert.name) not in known]
    assert 1_800 < len(strangers) < 2_200
    assert len({alert.name for alert in strangers}) == len(strangers)


def test_duplicates_are_what_was_sent_before_and_are_counted() -> None:
    drawn = generator(Mix(duplicates=0.3))
    encoded = list(islice(drawn, 10_000))
    seen: set[Encoded] = set()
    repeated = 0
    for alert in encoded:
        repeated += alert in seen
        seen.add(alert)
    assert drawn.duplicates == repeated
    assert 2_700 < repeated < 3_300
    assert len({key for key, _ in encoded}) == 10_000 - repeated


def test_only_duplicates_still_begin_with_one_alert() -> None:
    assert len(set(take(100, Mix(duplicates=1)))) == 1


@pytest.mark.parametrize(("keys", "size"), [(0, 10), (1, 0), (5, 3), (64, 256)])
def test_the_context_has_the_size_that_was_asked_for(keys: int, size: int) -> None:
    for alert in alerts(take(20, Mix(context_keys=keys, context_value_bytes=size))):
        assert len(alert.context) == keys
        assert {len(value.encode()) for value in alert.context.values()} <= {size}
