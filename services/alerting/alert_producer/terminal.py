"""Sends for somebody at a terminal: with a progress bar, and a summary of what was done."""

import dataclasses
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from alerting.alert_producer.catalog import CatalogAlert
from alerting.alert_producer.load import Load
from alerting.alert_producer.run import Counts, Run, send_single
from alerting.alert_producer.single import SingleAlert
from alerting.runtime import logs
from alerting.runtime.broker import Producer
from alerting.runtime.broker.kafka import KafkaProducer
from alerting.runtime.clock import Clock, SystemClock
from alerting.runtime.config import Settings, load
from alerting.runtime.errors import Unavailable
from alerting.runtime.lifecycle import stop_on_signals
from alerting.runtime.telemetry import Telemetry


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done."""

    status: str
    """completed, stopped or failed."""
    counts: Counts
    error: str | None = None
    seed: int | None = None
    id_prefix: str | None = None
    alert_id: str | None = None

    def as_json(self) -> str:
        """Return it for machines."""
        fields = dataclasses.asdict(self)
        counts = fields.pop("counts")
        fields |= {**counts, "seconds": round(self.counts.seconds, 3), "rate": self.counts.rate}
        return json.dumps({name: value for name, value in fields.items() if value is not None or name == "error"})

    def as_text(self) -> str:
        """Return it for people."""
        counts = self.counts
        done = f"{counts.acknowledged:,} alerts in {counts.seconds:.1f} s, {counts.rate:,.0f}/s"
        if self.alert_id is not None:
            what = f"alert {self.alert_id}"
        else:
            what = f"{done}; {counts.duplicates:,} of them duplicates; --seed {self.seed} --id-prefix {self.id_prefix}"
        return f"{self.status}: {what}" + (f": {self.error}" if self.error is not None else "")


def send_from_terminal(what: Load | SingleAlert, catalog: Sequence[CatalogAlert] = ()) -> Summary:
    """Send to the broker of the settings, until it is over or Ctrl-C.

    Raises
    ------
    UnknownSource
        The mix names a source that the catalog does not have.
    """
    settings = load(Settings)
    logs.configure(settings.model_copy(update={"log_format": "console", "log_level": "warning"}), "alert-producer")
    producer = KafkaProducer(settings)
    try:
        if isinstance(what, SingleAlert):
            return send_alert(what, producer, SystemClock())
        with stop_on_signals() as stop:
            return send_load(what, catalog, producer, SystemClock(), stop)
    finally:
        producer.close()


def send_alert(alert: SingleAlert, producer: Producer, clock: Clock) -> Summary:
    """Send one alert."""
    try:
        counts = send_single(alert, producer, Telemetry(clock), clock)
    except Unavailable as failure:
        return Summary("failed", Counts(sent=1), str(failure), alert_id=alert.alert_id)
    return Summary("completed", counts, alert_id=alert.alert_id)


def send_load(
    what: Load, catalog: Sequence[CatalogAlert], producer: Producer, clock: Clock, stop: threading.Event
) -> Summary:
    """Send a load, with a progress bar when standard error is a terminal."""
    run = Run(what.pace, what.generator(catalog, clock), producer, Telemetry(clock), clock)
    error: str | None = None
    with _bar(Console(stderr=True)) as bar:
        task = bar.add_task("alerts", total=what.pace.total)
        try:
            run.run(stop, lambda counts: bar.update(task, completed=counts.acknowledged))
        except Unavailable as failure:
            error = str(failure)
    status = "failed" if error is not None else "stopped" if stop.is_set() else "completed"
    return Summary(status, run.counts, error, what.seed, what.id_prefix)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
