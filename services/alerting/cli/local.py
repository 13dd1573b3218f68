"""``alerting up`` and ``alerting demo``: the whole platform on one machine."""

import asyncio
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

if TYPE_CHECKING:
    from alerting.local.stack import Stack

BrokerName = Literal["embedded", "kafka"]

BrokerOption = Annotated[
    BrokerName,
    typer.Option(help="embedded: in memory, no Java; kafka: Apache Kafka, durable, needs Java 17 and Maven."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("up", rich_help_panel="On one machine")(up)
    app.command("demo", rich_help_panel="On one machine")(demo)


def _default_data_dir() -> Path:
    return Path.home() / ".local" / "share" / "alerting"


def up(
    data_dir: Annotated[
        Path,
        typer.Option(default_factory=_default_data_dir, show_default="~/.local/share/alerting", help="What persists."),
    ],
    broker: BrokerOption = "embedded",
) -> None:
    """Run the whole platform until Ctrl-C.

    A server whose address is set (ALERTING_KAFKA_BOOTSTRAP_SERVERS, ALERTING_POSTGRES_DSN, ALERTING_REDIS_URL) is used
    as it is; the others are started, on free ports of this machine.
    """
    from alerting.local.stack import Stack  # noqa: PLC0415

    console = Console(stderr=True)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with _errors(console):
        stack = Stack(data_dir, broker=broker, report=_reporter(console))
        stack.start()
        try:
            _say_where(console, stack, data_dir, broker)
            while not stop.wait(1.0):
                pass
        finally:
            stack.close()


def _reporter(console: Console) -> Callable[[str], None]:
    return lambda line: console.print(line, style="dim", markup=False, highlight=False)


def _say_where(console: Console, stack: "Stack", data_dir: Path, broker: BrokerName) -> None:
    from alerting.rule_service.ui_files import is_built  # noqa: PLC0415

    ui = f"{stack.url('rule-service')}/" if is_built() else "not built: `make ui` in a checkout builds it"
    console.print(f"UI         {ui}")
    console.print(f"API        {stack.url('rule-service')}/docs")
    console.print(f"Ingest     {stack.url('ingest')}/docs")
    console.print(f"Generator  {stack.url('alert-producer')}/docs")
    console.print(f"Figures    {stack.url('metrics')}/docs")
    console.print(f"Admin key  {stack.admin_key}  (also in {data_dir / 'admin-key'})", soft_wrap=True)
    console.print(f"Logs       {data_dir / 'logs'}", soft_wrap=True)
    console.print(f"Doctor     alerting doctor --data-dir {data_dir}", soft_wrap=True)
    if broker == "embedded":
        console.print("The embedded broker keeps messages in memory: Ctrl-C lets them flow through before it stops.")
    console.print("Ctrl-C stops everything.")


def demo(
    data_dir: Annotated[
        Path | None, typer.Option(help="Keep everything in this directory; a temporary one, removed, unless given.")
    ] = None,
    broker: BrokerOption = "embedded",
    seed: Annotated[str, typer.Option(help="The same seed tells the same story.")] = "1",
    alerts: Annotated[int, typer.Option(min=1, max=100_000, help="How many are sent.")] = 2_000,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON, and nothing else.")] = False,
) -> None:
    """Run the platform, play a story, and count: exit 1 when anything was lost or came twice."""
    from alerting.local.demo import play  # noqa: PLC0415
    from alerting.local.outcome import print_table  # noqa: PLC0415
    from alerting.local.stack import Stack  # noqa: PLC0415

    console = Console(stderr=True, quiet=json)
    with _errors(Console(stderr=True)), _directory(data_dir) as folder, _bar(console) as (report, advance):
        outcome = asyncio.run(
            play(
                lambda env: Stack(folder, broker=broker, env=env, report=report),
                seed=seed,
                count=alerts,
                advance=advance,
            )
        )
    if json:
        sys.stdout.write(orjson.dumps(outcome.as_json()).decode() + "\n")
    else:
        print_table(outcome, Console())
    raise typer.Exit(0 if outcome.good else 1)


@contextmanager
def _directory(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="alerting-demo-") as made:
        yield Path(made)


@contextmanager
def _bar(console: Console) -> Iterator[tuple[Callable[[str], None], Callable[[str, int, int], None]]]:
    """Yield what reports a line, and what moves a bar."""
    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as progress:
        tasks: dict[str, TaskID] = {}

        def advance(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done, total=total)

        yield _reporter(progress.console), advance


@contextmanager
def _errors(console: Console) -> Iterator[None]:
    """End with a line, and no traceback, when the platform cannot be run."""
    from alerting.runtime.errors import AlertingError  # noqa: PLC0415

    try:
        yield
    except AlertingError as error:
        console.print(str(error), style="red", highlight=False, markup=False)
        raise typer.Exit(1) from None
    except ModuleNotFoundError as error:
        console.print(f"{error.name} is not installed: the extra `local` of alerting's wheel brings it", style="red")
        raise typer.Exit(1) from None
