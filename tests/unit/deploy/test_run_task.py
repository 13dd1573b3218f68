"""A one-off task of ECS: what counts as success, and how long it is waited for."""

from collections.abc import Mapping
from typing import Any

import pytest

from deploy.ecs import run_task

OPTIONS = run_task.parse(
    "--region r --cluster c --capacity-provider p --task-definition d:1 --log-group /g".split()  # noqa: SIM905
)
TASK = "arn:aws:ecs:r:1:task/c/0123"


class Aws:
    """Answers calls from a list by the operation, the last answer again and again."""

    def __init__(self, **answers: list[Mapping[str, Any]]) -> None:
        self.calls: list[tuple[str, ...]] = []
        self._answers = answers

    def __call__(self, *words: str) -> Mapping[str, Any]:
        self.calls.append(words)
        answers = self._answers.get(words[1].replace("-", "_"), [{}])
        return answers.pop(0) if len(answers) > 1 else answers[0]


STARTED = {"tasks": [{"taskArn": TASK}], "failures": []}
NO_ROOM = {"tasks": [], "failures": [{"reason": "RESOURCE:MEMORY"}]}


def stopped(*codes: int | None) -> dict[str, Any]:
    containers = [{"name": "migrate", **({} if code is None else {"exitCode": code})} for code in codes]
    return {"tasks": [{"lastStatus": "STOPPED", "containers": containers, "stoppedReason": "no image"}]}


RUNNING = {"tasks": [{"lastStatus": "RUNNING"}]}
SAID = {"events": [{"message": "applied 0001"}]}


def run(aws: Aws, **patience: float) -> list[str]:
    return run_task.run(aws, OPTIONS, run_task.Patience(**patience), lambda _seconds: None)


def test_a_task_that_exits_with_0_is_done() -> None:
    aws = Aws(run_task=[STARTED], describe_tasks=[RUNNING, stopped(0)], get_log_events=[SAID])
    assert run(aws) == ["applied 0001", f"task {TASK} is done"]
    assert aws.calls[-1][-1] == "migrate/migrate/0123"


@pytest.mark.parametrize("codes", [(1,), (0, 1), (None,), ()], ids=str)
def test_all_else_is_a_failure(codes: tuple[int | None, ...]) -> None:
    aws = Aws(run_task=[STARTED], describe_tasks=[stopped(*codes)], get_log_events=[SAID])
    with pytest.raises(run_task.TaskError, match="failed"):
        run(aws)


def test_a_failure_says_what_the_task_said() -> None:
    aws = Aws(run_task=[STARTED], describe_tasks=[stopped(1)], get_log_events=[SAID])
    with pytest.raises(run_task.TaskError, match=r"applied 0001\n.*migrate: exit code 1"):
        run(aws)


def test_room_is_waited_for() -> None:
    aws = Aws(run_task=[NO_ROOM, NO_ROOM, STARTED], describe_tasks=[stopped(0)])
    assert run(aws)[-1].endswith("is done")
    assert [words[1] for words in aws.calls].count("run-task") == 3


def test_but_not_for_ever() -> None:
    aws = Aws(run_task=[NO_ROOM])
    with pytest.raises(run_task.TaskError, match="RESOURCE:MEMORY"):
        run(aws, room=10, pause=5)
    assert len(aws.calls) == 3


def test_a_task_that_does_not_end_is_stopped() -> None:
    aws = Aws(run_task=[STARTED], describe_tasks=[RUNNING])
    with pytest.raises(run_task.TaskError, match="not done after 10 s"):
        run(aws, end=10, pause=5)
    assert aws.calls[-1][1] == "stop-task"


def test_who_may_not_read_logs_still_hears_how_it_ended() -> None:
    class Blind(Aws):
        def __call__(self, *words: str) -> Mapping[str, Any]:
            if words[0] == "logs":
                raise run_task.TaskError("aws logs get-log-events: AccessDenied")
            return super().__call__(*words)

    said = run(Blind(run_task=[STARTED], describe_tasks=[stopped(0)]))
    assert said == ["aws logs get-log-events: AccessDenied", f"task {TASK} is done"]


def test_a_task_with_an_interface_of_its_own_is_told_where() -> None:
    words = "--region r --cluster c --capacity-provider p --task-definition d:1 --log-group /g --subnets s1 s2"
    options = run_task.parse([*words.split(), "--security-groups", "g1"])
    aws = Aws(run_task=[STARTED], describe_tasks=[stopped(0)])
    run_task.run(aws, options, run_task.Patience(), lambda _seconds: None)
    assert aws.calls[0][-1] == '{"awsvpcConfiguration": {"subnets": ["s1", "s2"], "securityGroups": ["g1"]}}'
