"""Whatever happens to the database, Redis and the processes, an evaluator has the rules of one version, or none."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from redis import Redis

from alerting.rule_set.keys import BASE, CHANGES, VERSION
from alerting.rule_updater.decision import Limits
from alerting.rule_updater.settings import RuleUpdaterSettings
from fix_follower import Evaluating
from fix_rule_book import RuleBook
from fix_rule_updater import Updater

_LIMITS = Limits(3, 0.0)


class World:
    """Two rule-updaters and two evaluators over one database and one Redis."""

    def __init__(self, settings: RuleUpdaterSettings, book: RuleBook) -> None:
        self.settings = settings
        self.book = book
        self.redis: Any = Redis.from_url(settings.redis_url.get_secret_value())
        self.updaters = [self._updater(), self._updater()]
        self.evaluators = [Evaluating(settings), Evaluating(settings)]

    def _updater(self) -> Updater:
        return Updater(self.settings, limits=_LIMITS, chunk_bytes=700)

    def close(self) -> None:
        for updater in self.updaters:
            updater.close()
        for evaluator in self.evaluators:
            evaluator.close()
        self.redis.close()

    # What happens. The numbers choose a rule, a process or a place.

    def put(self, number: int) -> None:
        self.book.put((f"r{number}", f"client-{number % 2}", "HIGH", "api", f"name-{number}-{self.book.version % 3}"))

    def put_many(self, number: int) -> None:
        self.book.put(*((f"r{i}", "client-0", "*", f"s{self.book.version}", f"n{i}") for i in range(number)))

    def take(self, number: int) -> None:
        self.book.take(f"r{number}", f"r{number + 1}", action="DELETED" if number % 2 else "DISABLED")

    def log_nonsense(self, number: int) -> None:
        self.book.log_nonsense([{}, None, 7, [{"rule_id": "x"}]][number % 4])

    def forget_log(self, number: int) -> None:
        self.book.forget_log(self.book.version - number)

    def restore(self, number: int) -> None:
        known = sorted(self.book.history)
        self.book.restore(known[-1 - number % len(known)])

    def update(self, number: int) -> None:
        self.updaters[number % 2].step()

    def write_base(self, number: int) -> None:
        self.updaters[number % 2].compactor.work()

    def expire_lease(self, _number: int) -> None:
        self.redis.delete("rules:lease")

    def restart_updater(self, number: int) -> None:
        if number % 3:
            self.updaters[number % 2].crash()
        else:
            self.updaters[number % 2].close()
        self.updaters[number % 2] = self._updater()

    def follow(self, number: int) -> None:
        self.evaluators[number % 2].step()

    def restart_evaluator(self, number: int) -> None:
        self.evaluators[number % 2].close()
        self.evaluators[number % 2] = Evaluating(self.settings)

    def compile_changes(self, number: int) -> None:
        current = self.evaluators[number % 2].rules.current
        if current is not None:
            current.live.compact()

    def flush_redis(self, _number: int) -> None:
        self.redis.flushdb()

    def lose_key(self, number: int) -> None:
        self.redis.delete([BASE, CHANGES, VERSION][number % 3])

    def lose_chunk(self, number: int) -> None:
        chunks = sorted(self.redis.keys("rules:base:*"))
        if chunks:
            self.redis.delete(chunks[number % len(chunks)])

    def damage_chunk(self, number: int) -> None:
        chunks = sorted(self.redis.keys("rules:base:*"))
        if chunks:
            self.redis.setrange(chunks[number % len(chunks)], number * 50, b"\xfe")

    def lose_entry(self, number: int) -> None:
        entries = self.redis.xrange(CHANGES)
        if entries:
            self.redis.xdel(CHANGES, entries[number % len(entries)][0])

    def settle(self) -> None:
        """Let all of them do their work, after another rule-updater has taken over."""
        self.restart_updater(3)
        self.restart_updater(6)
        self.expire_lease(0)
        for _ in range(3):
            self.updaters[0].settle()
            for evaluator in self.evaluators:
                for _ in range(4):
                    evaluator.step()


ALL: list[Callable[[World, int], None]] = [
    World.put,
    World.put_many,
    World.take,
    World.log_nonsense,
    World.forget_log,
    World.restore,
    World.update,
    World.write_base,
    World.expire_lease,
    World.restart_updater,
    World.follow,
    World.restart_evaluator,
    World.compile_changes,
    World.flush_redis,
    World.lose_key,
    World.lose_chunk,
    World.damage_chunk,
    World.lose_entry,
]
USUAL: list[Callable[[World, int], None]] = [
    *(World.put, World.put_many, World.take),
    *(World.update, World.update, World.write_base, World.follow, World.follow),
]

_STEPS = st.lists(st.tuples(st.sampled_from(USUAL * 3 + ALL), st.integers(0, 7)), max_size=40)


@given(_STEPS)
@hypothesis_settings(suppress_health_check=list(HealthCheck))
def test_an_evaluator_has_the_rules_of_one_version_and_ends_with_the_newest(
    settings: RuleUpdaterSettings, book: RuleBook, steps: list[tuple[Callable[[World, int], None], int]]
) -> None:
    book.clear()
    with closing(World(settings, book)) as world:
        world.redis.flushdb()
        for happen, number in steps:
            happen(world, number)
            for evaluator in world.evaluators:
                assert evaluator.now is None or evaluator.now in book.ever
        world.settle()
        for evaluator in world.evaluators:
            assert evaluator.now == (book.version, book.rules)
