"""The catalog of alerts."""

import pytest

from alerting.alert_producer.catalog import CatalogAlert, CatalogError, load_catalog, read_catalog


def test_the_shipped_catalog_is_whole() -> None:
    catalog = load_catalog()
    assert len(catalog) == 1155
    assert len({alert.source for alert in catalog}) == 93
    assert CatalogAlert("CRITICAL", "apache", "ApacheDown") in catalog


def test_columns_may_come_in_any_order_and_with_others() -> None:
    assert read_catalog(["name,else,severity,source", " Slow ,x,HIGH,db"]) == [CatalogAlert("HIGH", "db", "Slow")]


def test_what_is_listed_twice_counts_once() -> None:
    assert len(read_catalog(["severity,source,name", "LOW,a,b", "LOW,a,b", "HIGH,a,b"])) == 2


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([], "no column severity, source, name"),
        (["severity,source"], "no column name"),
        (["severity,source,name"], "no alert"),
        (["severity,source,name", "URGENT,a,b"], "line 2: severity"),
        (["severity,source,name", "LOW,a,b", "LOW,,b"], "line 3: source"),
        (["severity,source,name", "LOW,a"], "line 2: name"),
        (["severity,source,name", "LOW,a," + "x" * 256], "line 2: name"),
    ],
)
def test_a_wrong_catalog_is_refused_by_line_and_column(lines: list[str], fault: str) -> None:
    with pytest.raises(CatalogError, match=fault):
        read_catalog(lines)
