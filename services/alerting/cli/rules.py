"""``alerting rules``: questions about rules, asked of the REST API."""

import asyncio
import os
from typing import Annotated, Any, Final

import typer

app = typer.Typer(help="Rules: which alerts a client is told of.", no_args_is_help=True)

_SECONDS: Final = 30
_PARTS: Final = ("severity", "source", "name")


def add_to(root: typer.Typer) -> None:
    """Add the commands."""
    root.add_typer(app, name="rules", rich_help_panel="Tools")


@app.command("match")
def match(
    severity: Annotated[str, typer.Argument(help="LOW, MEDIUM, HIGH or CRITICAL.")],
    source: str,
    name: str,
    client: Annotated[str | None, typer.Option(help="Look at this client's rules only.")] = None,
    url: Annotated[
        str, typer.Option(envvar="ALERTING_URL", help="Where rule-service answers.")
    ] = "http://127.0.0.1:8081",
    as_json: Annotated[bool, typer.Option("--json", help="For machines: the API's answer as it is.")] = False,
) -> None:
    """Tell which rules an alert would match, for which client and why. The key is read from ALERTING_API_KEY."""
    alert = {"severity": severity, "source": source, "name": name} | ({"client_id": client} if client else {})
    found = asyncio.run(_ask(f"{url.rstrip('/')}/api/v1/match", _key(), alert))
    if as_json:
        import orjson  # noqa: PLC0415

        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    else:
        _show(found)


def why(rule: dict[str, Any]) -> str:
    """Return in words why a rule matches."""
    return ", ".join(f"any {part}" if part in rule["wildcard"] else f"{part} {rule[part]}" for part in _PARTS)


def _show(found: dict[str, Any]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from alerting.runtime.printable import one_line  # noqa: PLC0415

    count = len(found["matches"])
    about = f"{'More than ' if found['truncated'] else ''}{count} matching, in version {found['rules_version']}"
    table = Table("Client", "Rule", "Why", title=about, title_justify="left")
    for rule in found["matches"]:
        # Texts are the clients' own: what looks like markup in them, or like an order to the terminal, is none.
        table.add_row(*(Text(one_line(text)) for text in (rule["client_id"], rule["rule_id"], why(rule))))
    Console().print(table)


def _key() -> str:
    # Not an option: other users of the machine can read a process's arguments.
    key = os.environ.get("ALERTING_API_KEY", "")
    if not key:
        raise SystemExit("ALERTING_API_KEY has to hold an API key: `alerting keys create` makes one")
    return key


async def _ask(url: str, key: str, alert: dict[str, str]) -> Any:
    import aiohttp  # noqa: PLC0415

    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(_SECONDS)) as session,
            session.post(
                url, json=alert, headers={"authorization": f"Bearer {key}"}, allow_redirects=False
            ) as response,
        ):
            answer = await response.json(content_type=None)
            status = response.status
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise SystemExit(f"{url}: {str(error) or 'no answer in time'}") from None
    if status != 200:
        detail = answer.get("detail") if isinstance(answer, dict) else None
        raise SystemExit(f"{url} answers {status}: {detail or 'and does not say why'}")
    return answer
