"""The page of the deliveries: attempts, how late they are, what waits for receivers, what is given up and removed."""

from typing import Final

from deploy.grafana.generator.dashboard import Dashboard, Row
from deploy.grafana.generator.panel import Panel, Query
from deploy.grafana.generator.promql import quantile, quantiles, rate

_ATTEMPTS: Final = "alerting_deliveries_total"
_NOT_DELIVERED: Final = 'outcome!="delivered"'

_TRIED: Final = Row(
    "Attempts",
    [
        Panel(
            "Attempts, by channel",
            "Delivery attempts a second.",
            "cps",
            [Query(rate(_ATTEMPTS, "type"), "{{type}}")],
            stacked=True,
        ),
        Panel(
            "Attempts that did not deliver",
            "Share of a channel's attempts that are to be repeated, or failed for good.",
            "percentunit",
            [
                Query(
                    f"{rate(_ATTEMPTS, 'type', _NOT_DELIVERED)} / ({rate(_ATTEMPTS, 'type')} > 0)",
                    "{{type}}",
                )
            ],
            thresholds=[(0.5, "red")],
            most=1,
        ),
        Panel(
            "Time of an attempt, p95",
            "From the start of an attempt to its end; ALERTING_ATTEMPT_TIMEOUT (10 s) is the most.",
            "s",
            [Query(quantile(0.95, "alerting_delivery_attempt_seconds", "type"), "{{type}}")],
        ),
        Panel(
            "Attempts, by channel and outcome",
            "Delivery attempts a second: delivered, to be tried again, failed for good.",
            "cps",
            [Query(rate(_ATTEMPTS, "type, outcome"), "{{type}}: {{outcome}}")],
            width=24,
        ),
    ],
)

_LATE: Final = Row(
    "How late",
    [
        Panel(
            "First attempt, p95 by channel",
            "From a notification being recorded until a delivery's first attempt. Mail and Slack keep to a rate.",
            "s",
            [Query(quantile(0.95, "alerting_first_attempt_delay_seconds", "type"), "{{type}}")],
            thresholds=[(30, "red")],
        ),
        Panel(
            "Delivered after, p95 by channel",
            "From a notification being recorded until its receiver had it, with all waits and repetitions.",
            "s",
            [Query(quantile(0.95, "alerting_delivered_after_seconds", "type"), "{{type}}")],
        ),
        Panel(
            "Delivered after",
            "The same over all channels.",
            "s",
            quantiles("alerting_delivered_after_seconds"),
        ),
    ],
)

_WAITING: Final = Row(
    "What waits",
    [
        Panel(
            "Deliveries that are not finished",
            "Due and nobody's, leased by a sender, or put off until later. 100,000 are counted at most.",
            "short",
            [Query("max by (state) (alerting_deliveries_waiting)", "{{state}}")],
            stacked=True,
        ),
        Panel(
            "Oldest due delivery",
            "How long the delivery that is due for longest waits for a sender; what waits for a receiver is not due.",
            "s",
            [Query("max(alerting_deliveries_overdue_seconds)", "overdue")],
            thresholds=[(120, "red")],
        ),
        Panel(
            "Put off, by cause",
            "Deliveries a second that have to come again: the receiver fails, a rate is used up, or no place is free.",
            "cps",
            [Query(rate("alerting_deliveries_put_off_total", "type, cause"), "{{type}}: {{cause}}")],
        ),
    ],
)

_GIVEN_UP: Final = Row(
    "Receivers that fail, and what is given up",
    [
        Panel(
            "Open circuit breakers",
            "Receivers that each sender leaves alone, because they fail.",
            "short",
            [Query("sum by (instance) (alerting_open_breakers)", "{{instance}}")],
            stacked=True,
            thresholds=[(25, "red")],
        ),
        Panel(
            "Ended without one more attempt",
            "Deliveries within an hour that expired, or whose address is no endpoint of the client any more.",
            "short",
            [Query("sum by (status) (increase(alerting_deliveries_ended_total[1h]))", "{{status}}")],
        ),
        Panel(
            "Endpoints disabled",
            "Endpoints within a day that were disabled: gone (410), or failing for five days.",
            "short",
            [Query("sum by (cause) (increase(alerting_endpoints_disabled_total[1d]))", "{{cause}}")],
        ),
    ],
)

_RETENTION: Final = Row(
    "Retention",
    [
        Panel(
            "Notifications removed",
            "Notifications a second that were removed because they are older than ALERTING_RETENTION_DAYS.",
            "cps",
            [Query(rate("alerting_notifications_removed_total"), "removed")],
            width=12,
        ),
        Panel(
            "Looks for old notifications",
            "Within an hour, by how they ended. `more` has more to do, `off` keeps all for ever.",
            "short",
            [Query("sum by (outcome) (increase(alerting_retention_rounds_total[1h]))", "{{outcome}}")],
            width=12,
        ),
    ],
)

DELIVERY: Final = Dashboard(
    "alerting-delivery",
    "alerting / delivery",
    "What becomes of notifications: attempts, how late they are, what waits, what is given up and removed.",
    [_TRIED, _LATE, _WAITING, _GIVEN_UP, _RETENTION],
)
