"""A mock of AWS that also does what an instance's agent does: it runs one-off tasks.

Runs in an environment of its own, with moto: `mock_aws.py <container runtime>`. It prints its address, and ends when
its input does. A container runtime is a program that gets a container on its standard input, as JSON with its secrets
resolved, and whose exit code is the container's.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import boto3
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2 import utils as ec2_utils
from moto.ecs import ecs_backends
from moto.ecs.models import Service
from moto.moto_api import state_manager
from moto.server import ThreadedMotoServer

REGION = "us-east-1"


def list_tags_for_resource(_self: ApplicationAutoScalingResponse) -> str:
    """Return what the provider gives everything; the mock does not know this question."""
    return json.dumps({"Tags": {"Project": "alerting", "Environment": "alerting"}})


def without_network(init: Callable[..., None]) -> Callable[..., None]:
    """Say nothing of a network configuration that is not there; the mock calls it empty, which crashes the provider."""

    def init_service(self: Any, *args: Any, **given: Any) -> None:
        init(self, *args, **given)
        self.network_configuration = self.network_configuration or None

    return init_service


class Agent:
    """Registers the group's instance, and runs each task that waits for its end."""

    def __init__(self, endpoint: str, runtime: str) -> None:
        self._runtime = runtime
        own = {"region_name": REGION, "endpoint_url": endpoint, "aws_access_key_id": "x", "aws_secret_access_key": "x"}
        self._ecs, self._ec2, self._secrets = (boto3.client(name, **own) for name in ("ecs", "ec2", "secretsmanager"))
        self._instances = boto3.resource("ec2", **own).Instance
        self._done: set[str] = set()
        self._registered: set[str] = set()

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(0.3):
            clusters = self._ecs.list_clusters()["clusterArns"]
            for cluster in clusters:
                self._register(cluster)
                for task in self._ecs.list_tasks(cluster=cluster)["taskArns"]:
                    if task not in self._done:
                        self._done.add(task)
                        self._run_task(task)

    def _register(self, cluster: str) -> None:
        for reservation in self._ec2.describe_instances()["Reservations"]:
            for instance in reservation["Instances"]:
                if instance["InstanceId"] not in self._registered:
                    self._registered.add(instance["InstanceId"])
                    document = ec2_utils.generate_instance_identity_document(self._instances(instance["InstanceId"]))
                    self._ecs.register_container_instance(
                        cluster=cluster, instanceIdentityDocument=json.dumps(document)
                    )

    def _run_task(self, arn: str) -> None:
        task = next(
            task
            for tasks in ecs_backends[DEFAULT_ACCOUNT_ID][REGION].tasks.values()
            for task in tasks.values()
            if task.task_arn == arn
        )
        definition = self._ecs.describe_task_definition(taskDefinition=task.task_definition_arn)["taskDefinition"]
        for container in definition["containerDefinitions"]:
            given = {each["name"]: each["value"] for each in container["environment"]}
            given |= {each["name"]: self._secret(each["valueFrom"]) for each in container["secrets"]}
            asked = json.dumps({"command": container["command"], "image": container["image"], "environment": given})
            code = subprocess.run([self._runtime], input=asked, text=True, check=False).returncode
            task.containers[0].exitCode = code
        task.last_status = task.desired_status = "STOPPED"

    def _secret(self, reference: str) -> str:
        *arn, key, _stage, _version = reference.split(":")
        value: Any = json.loads(self._secrets.get_secret_value(SecretId=":".join(arn))["SecretString"])[key]
        return str(value)


def main() -> None:
    ApplicationAutoScalingResponse.list_tags_for_resource = list_tags_for_resource
    Service.__init__ = without_network(Service.__init__)
    # A task stays as it is until the agent says otherwise.
    state_manager.set_transition("ecs::task", {"progression": "manual", "times": 10**9})
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    stop = threading.Event()
    agent = threading.Thread(target=Agent(f"http://{host}:{port}", sys.argv[1]).run, args=(stop,))
    agent.start()
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    stop.set()
    agent.join()
    server.stop()


if __name__ == "__main__":
    main()
