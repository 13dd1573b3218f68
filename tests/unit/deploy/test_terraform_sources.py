"""What Terraform's files may not say, and what they have to say as the program does."""

import re
from pathlib import Path

import pytest

from alerting.aggregator.settings import AggregatorSettings
from alerting.alert_producer.settings import AlertProducerSettings
from alerting.evaluator.settings import EvaluatorSettings
from alerting.ingest.settings import IngestSettings
from alerting.metrics.settings import MetricsSettings
from alerting.rule_service.settings import RuleServiceSettings
from alerting.rule_updater.settings import RuleUpdaterSettings
from alerting.runtime.config import Settings
from alerting.runtime.topics import GROUPS, PARTITIONS
from alerting.sender.settings import SenderSettings

ROOT = Path(__file__).parents[3]
TERRAFORM = ROOT / "deploy/terraform"
SOURCES = sorted(path for path in TERRAFORM.rglob("*.tf") if ".terraform" not in path.parts)
ENVIRONMENTS = ["low-cost", "production"]
KINDS: dict[str, type[Settings]] = {
    "ingest": IngestSettings,
    "rule-service": RuleServiceSettings,
    "alert-producer": AlertProducerSettings,
    "metrics": MetricsSettings,
    "rule-updater": RuleUpdaterSettings,
    "evaluator": EvaluatorSettings,
    "aggregator": AggregatorSettings,
    "sender": SenderSettings,
}


def code(path: Path) -> str:
    return re.sub(r"(?m)^\s*#.*$", "", path.read_text(encoding="utf-8"))


def found(pattern: str) -> dict[str, list[str]]:
    hits = {str(path.relative_to(TERRAFORM)): re.findall(pattern, code(path)) for path in SOURCES}
    return {path: matches for path, matches in hits.items() if matches}


def test_there_are_sources() -> None:
    assert len(SOURCES) > 50


def test_one_attribute_is_left_to_another() -> None:
    assert found(r"ignore_changes\s*=\s*(\S.*)") == {"modules/service/main.tf": ["[desired_count]"]}


@pytest.mark.parametrize(
    "word", [r"timestamp\(", r"\bami-[0-9a-f]{6,}", r":latest\b", r"most_recent", r"\bwget\b|\bcurl\b"]
)
def test_what_is_never_said(word: str) -> None:
    assert found(word) == {}


def test_partitions_are_a_number_in_one_place_only() -> None:
    assert found(r"partitions\s*=\s*[0-9]+") == {}
    topics = (ROOT / "services/alerting/runtime/topics.py").read_text(encoding="utf-8")
    pattern = re.search(r'regex\("(.*)", local\.topics\)', code(TERRAFORM / "environments/production/services.tf"))
    assert pattern is not None
    assert re.findall(pattern[1], topics) == [str(PARTITIONS)]


def test_migrations_never_drop_or_truncate_data() -> None:
    migrations = sorted((ROOT / "services/alerting/migrations").glob("*.sql"))
    assert migrations
    for path in migrations:
        sql = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"(?i)\btruncate\b|\bdrop\s+(table|database|schema|column)\b|\bdelete\s+from\b", sql), path


def test_groups_and_topics_are_the_programs() -> None:
    text = code(TERRAFORM / "environments/production/services.tf")
    named = dict(re.findall(r'group = "([^"]+)", topic = "([^"]+)"', text))
    assert named
    assert named.items() <= {group: topic for topic, group in GROUPS.items()}.items()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_ports_are_the_programs(environment: str) -> None:
    text = code(TERRAFORM / f"environments/{environment}/services.tf")
    ports = {name: int(port) for name, port in re.findall(r"([a-z-]+)\s*=\s*\{\s*port\s*=\s*(\d+)", text)}
    assert set(ports) >= set(KINDS) - {"alert-producer"}
    assert ports == {name: KINDS[name].model_fields["port"].default for name in ports}


def test_settings_are_the_programs() -> None:
    known = {f"ALERTING_{name.upper()}" for kind in KINDS.values() for name in kind.model_fields}
    # Descriptions have settings in them, too.
    named = {name for names in found(r"\bALERTING_[A-Z_]*[A-Z]\b").values() for name in names}
    assert named
    assert named <= known


def test_every_variable_is_described_typed_and_checked() -> None:
    for path in SOURCES:
        if path.name != "variables.tf":
            continue
        for block in re.split(r"(?m)^(?=variable )", code(path))[1:]:
            name = f"{path.parent.name}: {block.split()[1]}"
            assert re.search(r"(?m)^  description\s*=", block), name
            assert re.search(r"(?m)^  type\s*=", block), name
            assert "validation {" in block or re.search(r"(?m)^  type\s*=\s*bool$", block), name


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_example_names_what_must_be_given(environment: str) -> None:
    folder = TERRAFORM / "environments" / environment
    blocks = re.split(r"(?m)^(?=variable )", code(folder / "variables.tf"))[1:]
    needed = {block.split('"')[1]: not re.search(r"(?m)^  default\s*=", block) for block in blocks}
    example = (folder / "terraform.tfvars.example").read_text(encoding="utf-8")
    given = set(re.findall(r"(?m)^(?:# )?(\w+)\s*=", example))
    assert {name for name, must in needed.items() if must} <= given <= set(needed)


def test_the_provider_is_the_same_everywhere() -> None:
    versions = found(r'(?m)^ {6}version = "(.*)"')
    assert {tuple(found_versions) for found_versions in versions.values()} == {("5.100.0",)}
    users = {path.rpartition("/")[0] for path in found(r'(?m)^(?:resource|data|provider) "aws')}
    assert {f"{user}/versions.tf" for user in users} == set(versions)


def test_every_module_says_what_it_is_and_is_tested() -> None:
    folders = sorted({path.parent for path in SOURCES if path.parent.parent.name == "modules"})
    assert len(folders) == 13
    for folder in folders:
        assert {"main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"} <= {
            path.name for path in folder.iterdir()
        }
        assert list((folder / "tests").glob("*.tftest.hcl")), folder


def test_no_lock_file_is_committed() -> None:
    assert ".terraform.lock.hcl" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
