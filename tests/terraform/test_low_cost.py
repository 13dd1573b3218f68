"""low-cost, applied to a mock of AWS; its one-off tasks' very commands run on a real PostgreSQL and a real Kafka.

`make terraform-apply-test` runs it. What the mock lacks: snapshots by timer (DLM), so backup.tf is not applied. And it
says of each service at once that its tasks run, so what they would do, healthy or not, is not seen here.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from confluent_kafka.admin import AdminClient
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from alerting.runtime.topics import PARTITIONS, TOPICS, dead_letter_topic

ROOT = Path(__file__).parents[2]
MOCK = Path(__file__).with_name("mock_aws.py")
FIRST, SECOND, BROKEN = (f"registry/alerting@sha256:{digit * 64}" for digit in "123")

RUNTIME = """#!{python}
# Runs a container's command, on this machine instead of in a container.
import json, os, subprocess, sys
container = json.load(sys.stdin)
with open({log!r}, "a") as log:
    log.write(json.dumps(container) + "\\n")
if container["image"] == {broken!r}:
    sys.exit(1)
environment = {{**os.environ, **container["environment"], **{{
    name: value for name, value in {servers!r}.items() if name in container["environment"]
}}}}
sys.exit(subprocess.run([{alerting!r}, *container["command"]], env=environment, stdin=subprocess.DEVNULL).returncode)
"""

OVERRIDE = """
terraform {{
  backend "local" {{}}
}}

provider "aws" {{
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  max_retries                 = 2

  endpoints {{
{endpoints}
  }}
}}
"""

SERVICES = [
    *("applicationautoscaling", "autoscaling", "cloudwatch", "ec2", "ecr", "ecs", "iam", "logs", "route53"),
    *("secretsmanager", "servicediscovery", "sns", "ssm", "sts"),
]


# What the mock takes and then forgets, or tells otherwise, would be changed by each apply.
FORGOTTEN = {
    "service": {
        "aws_ecs_service.this": "desired_count, capacity_provider_strategy, deployment_controller, "
        "availability_zone_rebalancing, enable_ecs_managed_tags, health_check_grace_period_seconds, service_registries"
    },
    "ecs-cluster": {"aws_launch_template.this": "tag_specifications"},
    "stores": {
        "aws_vpc_security_group_ingress_rule.this": "description, referenced_security_group_id",
    },
}


def forgotten(resources: Mapping[str, str]) -> str:
    """Return an override that ignores the attributes."""
    return "".join(
        f'resource "{kind}" "{name}" {{\n  lifecycle {{\n    ignore_changes = [{attributes}]\n  }}\n}}\n'
        for (kind, name), attributes in ((each.split("."), ignored) for each, ignored in resources.items())
    )


@dataclass(frozen=True)
class Deployment:
    """A copy of low-cost whose AWS is the mock."""

    folder: Path
    env: Mapping[str, str]
    log: Path

    def terraform(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = ["terraform", *words]
        return subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False)

    def apply(self, image: str | None) -> subprocess.CompletedProcess[str]:
        more = [] if image is None else [f"-var=image={image}"]
        return self.terraform("apply", "-auto-approve", "-input=false", "-no-color", *more)

    def ran(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def images(self) -> dict[str, str]:
        """Return each service's image as AWS knows it."""
        described = {}
        for arn in self.aws("ecs", "list-services", "--cluster", "alerting")["serviceArns"]:
            service = self.aws("ecs", "describe-services", "--cluster", "alerting", "--services", arn)["services"][0]
            definition = self.aws("ecs", "describe-task-definition", "--task-definition", service["taskDefinition"])
            containers = definition["taskDefinition"]["containerDefinitions"]
            described[service["serviceName"]] = containers[0]["image"]
        return described

    def aws(self, *words: str) -> Any:
        command = ["aws", "--region", "us-east-1", "--output", "json", *words]
        return json.loads(subprocess.run(command, env=self.env, capture_output=True, text=True, check=True).stdout)


@pytest.fixture
def empty_database(postgres: str) -> Iterator[str]:
    """The DSN of a database without a schema."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier("deployed")))
        yield make_conninfo(postgres, dbname="deployed")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier("deployed")))


@pytest.fixture
def deployment(tmp_path: Path, kafka: str, empty_database: str) -> Iterator[Deployment]:
    log = tmp_path / "containers"
    dsn = conninfo_to_dict(empty_database)
    password = dsn.pop("password")
    runtime = tmp_path / "runtime"
    runtime.write_text(
        RUNTIME.format(
            python=sys.executable,
            log=str(log),
            broken=BROKEN,
            alerting=str(Path(sys.executable).with_name("alerting")),
            servers={
                "ALERTING_POSTGRES_DSN": make_conninfo("", **dsn),
                "ALERTING_POSTGRES_PASSWORD": str(password),
                "ALERTING_KAFKA_BOOTSTRAP_SERVERS": kafka,
            },
        )
    )
    runtime.chmod(0o755)
    mock_env = {**os.environ, "MOTO_ECS_SERVICE_RUNNING": "1", "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
    command = [os.environ["MOTO_PYTHON"], str(MOCK), str(runtime)]
    pipe = subprocess.PIPE
    with (
        (tmp_path / "mock.log").open("w") as errors,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, text=True, env=mock_env) as mock,
    ):
        assert mock.stdout is not None
        endpoint = mock.stdout.readline().strip()
        assert endpoint, (tmp_path / "mock.log").read_text()
        try:
            yield prepare(tmp_path, endpoint, log)
        finally:
            assert mock.stdin is not None
            mock.stdin.close()


def prepare(tmp_path: Path, endpoint: str, log: Path) -> Deployment:
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy", ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    folder = tmp_path / "deploy/terraform/environments/low-cost"
    (folder / "backup.tf").unlink()
    endpoints = "\n".join(f'    {name} = "{endpoint}"' for name in SERVICES)
    (folder / "mock_override.tf").write_text(OVERRIDE.format(endpoints=endpoints))
    for module, resources in FORGOTTEN.items():
        (tmp_path / "deploy/terraform/modules" / module / "mock_override.tf").write_text(forgotten(resources))
    digest = f"@sha256:{'0' * 64}"
    values = {
        "region": "us-east-1",
        "zone": "us-east-1a",
        "store_images": {"kafka": f"k{digest}", "postgres": f"p{digest}", "valkey": f"v{digest}"},
        "ingest_cidrs": ["203.0.113.0/24"],
    }
    (folder / "mock.auto.tfvars.json").write_text(json.dumps(values))
    env = {
        **os.environ,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    deployment = Deployment(folder, env, log)
    done = deployment.terraform("init", "-input=false", "-no-color", f"-plugin-dir={os.environ['TERRAFORM_PLUGINS']}")
    assert done.returncode == 0, done.stderr
    return deployment


def test_a_deployment_from_nothing_to_a_failed_migration(
    deployment: Deployment, empty_database: str, kafka: str
) -> None:
    # Without an image, there is all that one is pushed to and run on.
    done = deployment.apply(None)
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(deployment.images()) == {"alerting-kafka", "alerting-databases"}
    assert deployment.ran() == []

    # With one, the migrations run, then the topics are made, then the services start.
    done = deployment.apply(FIRST)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [container["command"] for container in deployment.ran()] == [["migrate"], ["topics", "create"]]
    assert len(deployment.ran()[0]["environment"]["ALERTING_POSTGRES_PASSWORD"]) == 40
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT count(*) FROM notifications").fetchone() == (0,)
    known = AdminClient({"bootstrap.servers": kafka}).list_topics(timeout=30).topics
    assert {topic: len(known[topic].partitions) for topic in TOPICS} == dict.fromkeys(TOPICS, PARTITIONS)
    assert all(len(known[dead_letter_topic(topic)].partitions) == 1 for topic in TOPICS)
    services = {name: image for name, image in deployment.images().items() if image == FIRST}
    assert len(services) == 7

    # Nothing has changed, so nothing runs again.
    assert "0 added, 0 changed, 0 destroyed" in deployment.apply(FIRST).stdout
    assert len(deployment.ran()) == 2

    # A migration that fails ends the apply, and the services stay as they are.
    done = deployment.apply(BROKEN)
    assert done.returncode != 0
    assert "exit code 1" in done.stdout + done.stderr
    assert {name: image for name, image in deployment.images().items() if name in services} == services

    # Another image that works gets through. What the database had, it has.
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("INSERT INTO clients (id, name) VALUES ('acme', 'Acme')")
    done = deployment.apply(SECOND)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {image for name, image in deployment.images().items() if name in services} == {SECOND}
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT id FROM clients").fetchall() == [("acme",)]

    # No password is in the state.
    state = (deployment.folder / "terraform.tfstate").read_text()
    passwords = [container["environment"].get("ALERTING_POSTGRES_PASSWORD") for container in deployment.ran()]
    assert not any(password in state for password in passwords if password)
