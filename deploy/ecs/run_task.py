"""Run a task of ECS once and wait for it: exit 0 when each of its containers did, 1 otherwise, with what they said.

Needs Python and the AWS command line, nothing else. Terraform calls it for the migrations and the topics.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Answer = Mapping[str, Any]
Aws = Callable[..., Answer]


class TaskError(Exception):
    """The text says which, and why."""


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds: for room in the cluster, for the task's end, and between two looks."""

    room: float = 900.0
    end: float = 1_200.0
    pause: float = 5.0


def aws_command(region: str) -> Aws:
    """Return a function that runs the AWS command line and returns its answer."""

    def call(*words: str) -> Answer:
        command = ["aws", "--region", region, "--output", "json", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603
        if done.returncode:
            raise TaskError(f"aws {' '.join(words[:2])}: {done.stderr.strip()}")
        answer: Answer = json.loads(done.stdout or "{}")
        return answer

    return call


def start(aws: Aws, options: argparse.Namespace, patience: Patience, sleep: Callable[[float], None]) -> str:
    """Start the task when there is room for it, which a new cluster or a busy one has only later; return its ARN."""
    waited = 0.0
    while True:
        answer = aws("ecs", "run-task", *_request(options))
        tasks, failures = answer.get("tasks", []), answer.get("failures", [])
        if tasks and not failures:
            return str(tasks[0]["taskArn"])
        reasons = ", ".join(str(failure.get("reason")) for failure in failures) or "no task"
        if waited >= patience.room:
            raise TaskError(f"no place for the task: {reasons}")
        sleep(patience.pause)
        waited += patience.pause


def _request(options: argparse.Namespace) -> list[str]:
    words = ["--cluster", options.cluster, "--task-definition", options.task_definition, "--count", "1"]
    words += ["--capacity-provider-strategy", f"capacityProvider={options.capacity_provider}"]
    if options.subnets:
        network = {"subnets": options.subnets, "securityGroups": options.security_groups}
        words += ["--network-configuration", json.dumps({"awsvpcConfiguration": network})]
    return words


def wait(aws: Aws, cluster: str, task: str, patience: Patience, sleep: Callable[[float], None]) -> Answer:
    """Return the task when it has stopped."""
    waited = 0.0
    while True:
        answer = aws("ecs", "describe-tasks", "--cluster", cluster, "--tasks", task)
        found: Answer = answer["tasks"][0] if answer.get("tasks") else {}
        if found.get("lastStatus") == "STOPPED":
            return found
        if waited >= patience.end:
            aws("ecs", "stop-task", "--cluster", cluster, "--task", task, "--reason", "took too long")
            raise TaskError(f"not done after {patience.end:g} s")
        sleep(patience.pause)
        waited += patience.pause


def faults(task: Answer) -> list[str]:
    """Return why a stopped task is no success. A container without an exit code has never run."""
    found = [
        f"{container['name']}: exit code {container.get('exitCode', 'none')} {container.get('reason', '')}".rstrip()
        for container in task.get("containers", [])
        if container.get("exitCode") != 0
    ]
    return found if task.get("containers") else [str(task.get("stoppedReason", "it has no containers"))]


def log_lines(aws: Aws, log_group: str, task: str, containers: Sequence[str]) -> list[str]:
    """Return what the containers of a task said last. Whoever may not read logs is told that, and no more."""
    lines = []
    for name in containers:
        # modules/task writes to name/container/task, and a one-off task's container has the task's name.
        stream = f"{name}/{name}/{task.rpartition('/')[2]}"
        try:
            answer = aws("logs", "get-log-events", "--log-group-name", log_group, "--log-stream-name", stream)
        except TaskError as failure:
            lines.append(str(failure))
        else:
            lines += [str(event["message"]) for event in answer.get("events", [])[-50:]]
    return lines


def run(aws: Aws, options: argparse.Namespace, patience: Patience, sleep: Callable[[float], None]) -> list[str]:
    """Run the task and return what it said.

    Raises
    ------
    TaskError
        It did not start, did not end, or did not end well.
    """
    task = start(aws, options, patience, sleep)
    stopped = wait(aws, options.cluster, task, patience, sleep)
    names = [container["name"] for container in stopped.get("containers", [])]
    said = log_lines(aws, options.log_group, task, names)
    wrong = faults(stopped)
    if wrong:
        raise TaskError("\n".join([*said, f"task {task} failed: {'; '.join(wrong)}"]))
    return [*said, f"task {task} is done"]


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name in ("region", "cluster", "capacity-provider", "task-definition", "log-group"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--subnets", nargs="+", default=[], help="of a task with an interface of its own")
    parser.add_argument("--security-groups", nargs="+", default=[])
    parser.add_argument("--pause", type=float, default=Patience.pause, help="seconds between two looks")
    return parser.parse_args(words)


def main() -> None:
    """Run the command."""
    options = parse(sys.argv[1:])
    try:
        said = run(aws_command(options.region), options, Patience(pause=options.pause), time.sleep)
    except TaskError as failure:
        sys.exit(str(failure))
    print("\n".join(said))  # noqa: T201


if __name__ == "__main__":
    main()
