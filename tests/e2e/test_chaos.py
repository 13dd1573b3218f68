"""A short run of `make chaos`, of one seed: what is most likely to lose something is killed, frozen or cut off."""

import pytest

from benches.reliability import chaos

SEED = 4
SECONDS = 45.0


async def test_nothing_is_lost_and_nobody_is_notified_twice(tmp_path_factory: pytest.TempPathFactory) -> None:
    data_dir = tmp_path_factory.mktemp("chaos")
    for folder in (data_dir, data_dir.parent):
        folder.chmod(0o755)  # the database may run as a user of its own
    said: list[str] = []
    found = await chaos.run(data_dir, seconds=SECONDS, seed=SEED, rate=15, full=False, say=said.append)
    assert found["broken"] == [], "\n".join(said)
    assert found["alerts"] > 0.5 * SECONDS * 15
    assert {fault["kind"] for fault in found["faults"]} >= {"kill", "freeze", "reset connections", "cut off", "garbage"}
    # Receivers that misbehaved were asked again, or the run would show nothing.
    assert found["verdict"]["retried"] > 0
