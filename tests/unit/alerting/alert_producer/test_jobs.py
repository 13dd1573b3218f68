"""Jobs: started, listed, stopped, bounded and forgotten."""

import threading
import time
from collections.abc import Callable

import pytest

from alerting.alert_producer.job import ENDED, Job
from alerting.alert_producer.jobs import Jobs, TooManyJobs
from alerting.alert_producer.single import SingleAlert
from alerting.runtime.clock import SystemClock
from alerting.runtime.errors import Unavailable
from fix_clock import FakeClock

ALERT = SingleAlert(severity="LOW", source="a", name="b")
BOUND = 10.0


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def until_stopped(job: Job) -> None:
    job.stop.wait(BOUND)


def jobs_of(work: Callable[[Job], None], *, most_running: int = 2, most_ended: int = 3) -> Jobs:
    return Jobs(work, FakeClock(), most_running=most_running, most_ended=most_ended)


def ended(jobs: Jobs) -> Job:
    job = jobs.start("one", ALERT, "me")
    wait_until(lambda: job.status in ENDED)
    return job


def test_a_job_ends_completed() -> None:
    job = ended(jobs_of(lambda _job: None))
    assert (job.status, job.error, job.finished_at) == ("completed", None, 1_700_000_000)


def test_a_failed_job_keeps_its_reason() -> None:
    def fail(_job: Job) -> None:
        raise Unavailable("kafka", "away")

    job = ended(jobs_of(fail))
    assert (job.status, job.error) == ("failed", "kafka: away")


def test_an_unexpected_error_fails_the_job_too() -> None:
    def fail(_job: Job) -> None:
        raise ZeroDivisionError("oh")

    jobs = jobs_of(fail)
    assert ended(jobs).error == "ZeroDivisionError: oh"
    assert ended(jobs).status == "failed"


def test_a_stopped_job_is_stopped() -> None:
    jobs = jobs_of(until_stopped)
    job = jobs.start("one", ALERT, "me")
    assert job.status == "running"
    jobs.stop(job)
    wait_until(lambda: job.status == "stopped")


def test_stopping_what_has_ended_changes_nothing() -> None:
    jobs = jobs_of(lambda _job: None)
    job = ended(jobs)
    jobs.stop(job)
    assert job.status == "completed"


def test_only_so_many_run_at_the_same_time() -> None:
    jobs = jobs_of(until_stopped, most_running=2)
    first, _ = jobs.start("one", ALERT, "me"), jobs.start("one", ALERT, "me")
    with pytest.raises(TooManyJobs, match="2 jobs run"):
        jobs.start("one", ALERT, "me")
    jobs.stop(first)
    wait_until(lambda: first.status in ENDED)
    jobs.start("one", ALERT, "me")
    jobs.close(BOUND)


def test_only_so_many_ended_ones_are_remembered_and_running_ones_always() -> None:
    release = threading.Event()
    jobs = jobs_of(lambda job: until_stopped(job) if not release.is_set() else None, most_ended=3)
    running = jobs.start("one", ALERT, "me")
    release.set()
    made = [ended(jobs) for _ in range(6)]
    assert [job.id for job in jobs.newest(100)] == [job.id for job in [*reversed(made[3:]), running]]
    assert jobs.get(made[0].id) is None
    assert jobs.get(running.id) is running
    jobs.close(BOUND)


def test_the_list_is_newest_first_and_goes_on_behind_an_id_even_of_a_forgotten_job() -> None:
    jobs = jobs_of(lambda _job: None, most_ended=4)
    made = [ended(jobs) for _ in range(4)]
    assert [job.id for job in jobs.newest(2)] == [made[3].id, made[2].id]
    assert [job.id for job in jobs.newest(2, before=made[2].id)] == [made[1].id, made[0].id]
    made += [ended(jobs) for _ in range(2)]
    assert jobs.get(made[1].id) is None
    assert jobs.newest(2, before=made[1].id) == []
    assert [job.id for job in jobs.newest(9, before=made[3].id)] == [made[2].id]


def test_closing_stops_everything_and_lets_nothing_start() -> None:
    jobs = Jobs(until_stopped, SystemClock(), most_running=2, most_ended=3)
    running = [jobs.start("one", ALERT, "me") for _ in range(2)]
    jobs.close(BOUND)
    assert {job.status for job in running} == {"stopped"}
    with pytest.raises(TooManyJobs, match="stopping"):
        jobs.start("one", ALERT, "me")


def test_closing_does_not_wait_for_ever() -> None:
    stuck = threading.Event()

    def be_stuck(_job: Job) -> None:
        stuck.wait(BOUND)

    jobs = Jobs(be_stuck, SystemClock(), most_running=1, most_ended=1)
    job = jobs.start("one", ALERT, "me")
    jobs.close(0.05)
    assert job.status == "stopping"
    stuck.set()
    wait_until(lambda: job.status in ENDED)
