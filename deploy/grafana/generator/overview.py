"""The first page: is all well, what flows, how long it takes, and what waits."""

from typing import Final

from deploy.grafana.generator.dashboard import Dashboard, Row
from deploy.grafana.generator.panel import Panel, Query
from deploy.grafana.generator.promql import quantile, quantiles, rate

_STAGES: Final = "alerting_stage_latency_seconds"
_FIRST: Final = "alerting_first_attempt_delay_seconds"
_BEFORE: Final = 'topic=~"alerts.new|alerts.matched"'
"""The topics before a notification is recorded."""

_NOW: Final = Row(
    "Now",
    [
        Panel(
            "Alerts about the platform",
            "Alerting rules of deploy/grafana/rules that fire. Each has a page in docs/runbooks.",
            "short",
            [Query('count(ALERTS{alertname=~"Alerting.+", alertstate="firing"}) or vector(0)', "firing")],
            kind="stat",
            thresholds=[(1, "red")],
            width=4,
            height=4,
        ),
        Panel(
            "Alerts accepted",
            "Alerts a second that the broker has acknowledged to ingest.",
            "cps",
            [Query(rate("alerting_alerts_accepted_total"), "accepted")],
            kind="stat",
            width=4,
            height=4,
        ),
        Panel(
            "Notifications",
            "Notifications a second that were recorded: one for each client and alert.",
            "cps",
            [Query(rate("alerting_notifications_total", where='outcome="recorded"'), "recorded")],
            kind="stat",
            width=4,
            height=4,
        ),
        Panel(
            "Delivered",
            "Deliveries a second that a receiver has taken.",
            "cps",
            [Query(rate("alerting_deliveries_total", where='outcome="delivered"'), "delivered")],
            kind="stat",
            width=4,
            height=4,
        ),
        Panel(
            "Messages waiting",
            "Messages in the broker that their consumers have not handled.",
            "short",
            [Query("sum(max by (topic, group) (alerting_consumer_lag))", "waiting")],
            kind="stat",
            thresholds=[(10_000, "orange"), (100_000, "red")],
            width=4,
            height=4,
        ),
        Panel(
            "From request to attempt, p99",
            "The p99 of each part, added up: at most 3 in 100 alerts take longer from request to first attempt.",
            "s",
            [
                Query(
                    f"sum({quantile(0.99, _STAGES, 'topic', _BEFORE)}) + {quantile(0.99, _FIRST)}",
                    "p99",
                )
            ],
            kind="stat",
            thresholds=[(5, "orange"), (30, "red")],
            width=4,
            height=4,
        ),
    ],
)

_FLOW: Final = Row(
    "What flows",
    [
        Panel(
            "Alerts accepted, by format",
            "Alerts a second that the broker has acknowledged to ingest, by the format that their sender speaks.",
            "cps",
            [Query(rate("alerting_alerts_accepted_total", "format"), "{{format}}")],
            stacked=True,
        ),
        Panel(
            "Alerts that go no further",
            "Alerts a second that were refused (their sender is told why), came as resolved, or were acknowledged.",
            "cps",
            [
                Query(rate("alerting_alerts_rejected_total", "format, field"), "refused: {{format}}, {{field}}"),
                Query(rate("alerting_alerts_resolved_total", "format"), "resolved: {{format}}"),
                Query(rate("alerting_alerts_acknowledged_total", "format"), "acknowledged: {{format}}"),
            ],
        ),
        Panel(
            "Answers of ingest, by status",
            "Requests a second that ingest has answered. 4xx are the sender's to mend, 5xx ours.",
            "reqps",
            [Query(rate("alerting_http_requests_total", "code", 'service="ingest"'), "{{code}}")],
            stacked=True,
        ),
        Panel(
            "Messages handled, by topic",
            "Messages a second that the consumers of a topic have handled and committed.",
            "cps",
            [Query(rate("alerting_messages_consumed_total", "topic"), "{{topic}}")],
        ),
        Panel(
            "Notifications, by outcome",
            "Recorded, found as a duplicate, or published again because they had not been delivered yet.",
            "cps",
            [Query(rate("alerting_notifications_total", "outcome"), "{{outcome}}")],
        ),
        Panel(
            "Delivery attempts, by outcome",
            "Attempts a second: delivered, to be tried again, or failed for good.",
            "cps",
            [Query(rate("alerting_deliveries_total", "outcome"), "{{outcome}}")],
            stacked=True,
        ),
    ],
)

_LATENCY: Final = Row(
    "How long it takes",
    [
        Panel(
            "Each topic, p99",
            "From a batch's oldest message being written to a topic until its consumer had handled the batch.",
            "s",
            [Query(quantile(0.99, _STAGES, "topic"), "{{topic}}")],
        ),
        Panel(
            "From notification to first attempt",
            "From a notification being recorded until a delivery's first attempt. 99 % should be within 30 s.",
            "s",
            quantiles(_FIRST),
            thresholds=[(30, "red")],
        ),
        Panel(
            "Requests to ingest",
            "From a request's head to the head of its answer; a sender is answered when the broker has its alerts.",
            "s",
            quantiles("alerting_http_request_seconds", 'service="ingest"'),
        ),
    ],
)

_WAITING: Final = Row(
    "What waits",
    [
        Panel(
            "Messages, by topic",
            "Messages that a consumer group has not committed.",
            "short",
            [Query("max by (topic, group) (alerting_consumer_lag)", "{{topic}}")],
        ),
        Panel(
            "Time to catch up",
            "How long the consumers of a topic need for what waits, at their present pace.",
            "s",
            [
                Query(
                    "max by (topic) (alerting_consumer_lag) / on (topic)"
                    f" ({rate('alerting_messages_consumed_total', 'topic')} > 0)",
                    "{{topic}}",
                )
            ],
            thresholds=[(300, "red")],
        ),
        Panel(
            "Dead letters",
            "Messages that were refused and that nobody has replayed or dropped, by the topic that they came on.",
            "short",
            [Query("max by (topic) (alerting_dead_letters_waiting)", "{{topic}}")],
            thresholds=[(1, "red")],
        ),
        Panel(
            "Deliveries",
            "Deliveries that are not finished: due, leased by a sender, or put off; 100,000 are counted at most.",
            "short",
            [Query("max by (state) (alerting_deliveries_waiting)", "{{state}}")],
            stacked=True,
        ),
        Panel(
            "Oldest due delivery",
            "How long the delivery that is due for longest has waited for a sender.",
            "s",
            [Query("max(alerting_deliveries_overdue_seconds)", "overdue")],
            thresholds=[(120, "red")],
        ),
        Panel(
            "Outbox of rule changes",
            "How long the oldest change of the rules that is not published waits, and how many versions do.",
            "s",
            [
                Query("max(alerting_outbox_oldest_seconds)", "oldest"),
                Query("max(alerting_outbox_changes)", "versions (number)"),
            ],
            thresholds=[(120, "red")],
        ),
    ],
)

_LEVELS: Final = Row(
    "Service levels",
    [
        Panel(
            "Requests that ingest answers with a server error",
            "Of all requests of the last hour and the last six; 0.1 % is the budget. From the recording rules.",
            "percentunit",
            [
                Query("alerting:ingest_errors:ratio_rate1h", "last hour"),
                Query("alerting:ingest_errors:ratio_rate6h", "last six hours"),
            ],
            thresholds=[(0.001, "red")],
            width=12,
        ),
        Panel(
            "Deliveries that begin more than 30 s late",
            "Of all first attempts of the last hour and the last six; 1 % is the budget. From the recording rules.",
            "percentunit",
            [
                Query("alerting:first_attempts_late:ratio_rate1h", "last hour"),
                Query("alerting:first_attempts_late:ratio_rate6h", "last six hours"),
            ],
            thresholds=[(0.01, "red")],
            width=12,
        ),
    ],
)

OVERVIEW: Final = Dashboard(
    "alerting-overview",
    "alerting / overview",
    "Is all well, what flows, how long it takes, and what waits.",
    [_NOW, _FLOW, _LATENCY, _WAITING, _LEVELS],
)
