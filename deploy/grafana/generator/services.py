"""The page of the services: their processes, what they depend on, their HTTP, their topics, their rules."""

from typing import Final

from deploy.grafana.generator.dashboard import Dashboard, Row
from deploy.grafana.generator.panel import Panel, Query
from deploy.grafana.generator.promql import of_service, quantile, rate

_CHOSEN: Final = 'service=~"$service"'

_PROCESSES: Final = Row(
    "Processes",
    [
        Panel(
            "Processes, by their heartbeats",
            "Processes of each service whose heartbeat in Redis is fresh.",
            "short",
            [Query(f"max by (service) (alerting_instances{{{_CHOSEN}}})", "{{service}}")],
        ),
        Panel(
            "Versions",
            "Processes that are scraped, by service and version: two at a time only while one replaces the other.",
            "short",
            [
                Query(
                    f"count by (service, version, python) (alerting_build_info{{{_CHOSEN}}})",
                    "{{service}} {{version}}, Python {{python}}",
                )
            ],
        ),
        Panel(
            "Starts within an hour",
            "How often a process was started within the hour before; more than once is a crash, or a deployment.",
            "short",
            [Query(of_service("changes(process_start_time_seconds[1h])"), "{{service}} {{instance}}")],
        ),
        Panel(
            "CPU",
            "Cores that a process uses; Python uses little more than one.",
            "short",
            [Query(of_service("rate(process_cpu_seconds_total[$__rate_interval])"), "{{service}} {{instance}}")],
        ),
        Panel(
            "Memory",
            "Resident memory of a process. An evaluator holds the rule set, a sender what it has leased.",
            "bytes",
            [Query(of_service("process_resident_memory_bytes"), "{{service}} {{instance}}")],
        ),
        Panel(
            "Open files and connections",
            "Share of the file descriptors that a process may open.",
            "percentunit",
            [Query(of_service("process_open_fds / process_max_fds"), "{{service}} {{instance}}")],
            thresholds=[(0.8, "red")],
        ),
    ],
)

_DEPENDENCIES: Final = Row(
    "What they depend on",
    [
        Panel(
            "Dependencies that answer",
            "1 when all processes of the service that need a dependency can use it, 0 when one cannot.",
            "short",
            [
                Query(
                    "min by (service, dependency) (alerting_dependency_up * on (job, instance) group_left (service)"
                    f" alerting_build_info{{{_CHOSEN}}})",
                    "{{service}}: {{dependency}}",
                )
            ],
            most=1,
        ),
        Panel(
            "Times that one did not answer",
            "Times a second that a dependency did not answer in the middle of some work, which is then repeated.",
            "cps",
            [Query(rate("alerting_dependency_unavailable_total", "dependency"), "{{dependency}}")],
        ),
        Panel(
            "Connections to PostgreSQL",
            "Connections of each process's pool in use, those that it may have, and questions that wait for one.",
            "short",
            [
                Query(
                    of_service('sum by (job, instance) (alerting_postgres_pool_connections{state="used"})'),
                    "{{service}}: used",
                ),
                Query(of_service("alerting_postgres_pool_most_connections"), "{{service}}: at most"),
                Query(of_service("alerting_postgres_pool_waiting"), "{{service}}: waiting"),
            ],
        ),
    ],
)

_HTTP: Final = Row(
    "HTTP",
    [
        Panel(
            "Requests, by route",
            "Requests a second by the route's template; `other` are files of the UI and addresses that there are not.",
            "reqps",
            [
                Query(
                    rate("alerting_http_requests_total", "service, method, route", _CHOSEN),
                    "{{service}}: {{method}} {{route}}",
                )
            ],
        ),
        Panel(
            "Requests, by status",
            "Requests a second by the status that they were answered with.",
            "reqps",
            [Query(rate("alerting_http_requests_total", "service, code", _CHOSEN), "{{service}}: {{code}}")],
        ),
        Panel(
            "Time to answer, p95",
            "From a request's head to the head of its answer, by route.",
            "s",
            [
                Query(
                    quantile(0.95, "alerting_http_request_seconds", "service, route", _CHOSEN),
                    "{{service}}: {{route}}",
                )
            ],
        ),
    ],
)

_TOPICS: Final = Row(
    "Topics",
    [
        Panel(
            "Messages written",
            "Messages a second that the broker has acknowledged, by topic.",
            "cps",
            [Query(rate("alerting_messages_produced_total", "topic"), "{{topic}}")],
        ),
        Panel(
            "Time of a batch, p95",
            "From taking a batch to its commit, by topic.",
            "s",
            [Query(quantile(0.95, "alerting_batch_seconds", "topic"), "{{topic}}")],
        ),
        Panel(
            "Messages of a batch",
            "How many messages are handled together. The more come, the larger the batches.",
            "short",
            [
                Query(
                    f"{rate('alerting_messages_consumed_total', 'topic')}"
                    f" / {rate('alerting_batch_seconds_count', 'topic')}",
                    "{{topic}}",
                )
            ],
        ),
        Panel(
            "Dead letters, by reason",
            "Messages a second that a consumer refused.",
            "cps",
            [Query(rate("alerting_dead_letters_total", "topic, reason"), "{{topic}}: {{reason}}")],
            width=12,
        ),
        Panel(
            "Dead letters that were handled",
            "Dead letters a second that were replayed or dropped, in the UI or over HTTP.",
            "cps",
            [Query(rate("alerting_dead_letters_handled_total", "topic, action"), "{{topic}}: {{action}}")],
            width=12,
        ),
    ],
)

_RULES: Final = Row(
    "The rule set",
    [
        Panel(
            "Versions",
            "The newest version in Redis, and the one that each evaluator matches with.",
            "none",
            [
                Query("max(alerting_rules_written_version)", "in Redis"),
                Query("alerting_rules_version", "{{instance}}"),
            ],
        ),
        Panel(
            "Since it was the newest",
            "How long ago an evaluator last knew that its rule set is the newest; a second or two, while it follows.",
            "s",
            [Query("time() - alerting_rules_confirmed_timestamp_seconds", "{{instance}}")],
            thresholds=[(120, "red")],
        ),
        Panel(
            "Evaluators that follow, rule-updaters that write",
            "All evaluators should follow, and one rule-updater should have the lease.",
            "short",
            [
                Query("sum(alerting_rules_followed)", "evaluators that follow"),
                Query("count(alerting_rules_followed)", "evaluators"),
                Query("sum(alerting_rules_lease)", "rule-updaters that write"),
            ],
        ),
        Panel(
            "Rules",
            "Rules in the rule set of each evaluator.",
            "short",
            [Query("alerting_rules", "{{instance}}")],
        ),
        Panel(
            "Whole rule sets written, by cause",
            "Within an hour. `changes` is the usual cause; the others are repairs.",
            "short",
            [Query("sum by (cause) (increase(alerting_rule_bases_total[1h]))", "{{cause}}")],
        ),
        Panel(
            "Rule sets refused",
            "Bases and changes within an hour that were wrong and that an evaluator did not use.",
            "short",
            [Query("sum by (what) (increase(alerting_rule_sets_refused_total[1h]))", "{{what}}")],
            thresholds=[(1, "red")],
        ),
    ],
)

SERVICES: Final = Dashboard(
    "alerting-services",
    "alerting / services",
    "The processes of each service, what they depend on, their HTTP, their topics, and the rule set.",
    [_PROCESSES, _DEPENDENCIES, _HTTP, _TOPICS, _RULES],
    by_service=True,
)
