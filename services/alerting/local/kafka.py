"""Apache Kafka: one node, broker and controller in one, as Java runs it from the jars of pom.xml."""

import base64
import shutil
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from alerting.local.java import find_java
from alerting.local.kafka_jars import kafka_jars
from alerting.local.kafka_wire import broker_answers
from alerting.local.ports import LOOPBACK, kept_port
from alerting.local.server import Server

LOGGING = Path(__file__).with_name("kafka-log4j2.properties")

FETCH_SECONDS = 600
FORMAT_SECONDS = 60
NODE_ID = 1

# Without the second compiler: it takes 5 s of CPU, and gives 0.05 s back for each million messages.
JAVA_OPTIONS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
SERVER_OPTIONS = ["-Xms256m", "-Xmx512m", "-XX:+ExitOnOutOfMemoryError"]
TOOL_OPTIONS = ["-Xmx128m"]


class KafkaServer(Server):
    """A durable Kafka: what it acknowledged is there after kill -9, though not after the machine's power went."""

    name = "kafka"

    def __init__(self, data_dir: Path, *, port: int | None = None, advertised_port: int | None = None) -> None:
        """Take a place to run in; clients are told the advertised port, when something stands before the broker."""
        super().__init__(data_dir, port=port)
        self._advertised_port = advertised_port
        self._data = self.dir / "data"
        self._properties = self.dir / "server.properties"
        self._controller_port = 0
        self._java: list[str] = []

    @property
    def bootstrap_servers(self) -> str:
        """Return the address that a client begins with."""
        return f"{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        """Fetch the jars and format the storage, once each; write the properties."""
        java = find_java()
        jars = kafka_jars(lambda command: self.run_to_end(command, cwd=self.dir, timeout=FETCH_SECONDS))
        self._java = [java, *JAVA_OPTIONS, "-cp", f"{jars}/*", f"-Dlog4j2.configurationFile={LOGGING}"]
        self._controller_port = self._other_port()
        if not self._data.exists():
            self._format()
        self._write_properties(self._data)

    def command(self) -> Sequence[str]:
        """Return the command of the server."""
        return [*self._java, *SERVER_OPTIONS, "kafka.Kafka", str(self._properties)]

    def answers(self) -> bool:
        """Return whether the broker is registered and serves."""
        return broker_answers(LOOPBACK, self.port)

    def _other_port(self) -> int:
        file = self.dir / "controller-port"
        while (port := kept_port(file)) == self.port:
            file.unlink()
        return port

    def _format(self) -> None:
        # Made elsewhere and moved when complete: what is in place is whole, whenever it was interrupted.
        new = self.dir / "new"
        shutil.rmtree(new, ignore_errors=True)
        self._write_properties(new)
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        tool = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(self._properties)]
        self.run_to_end([*self._java, *TOOL_OPTIONS, *tool], cwd=self.dir, timeout=FORMAT_SECONDS)
        new.rename(self._data)

    def _write_properties(self, log_dir: Path) -> None:
        lines = (f"{key}={value}\n" for key, value in self._settings(log_dir).items())
        self._properties.write_text("".join(lines))

    def _settings(self, log_dir: Path) -> Mapping[str, object]:
        broker = f"PLAINTEXT://{LOOPBACK}:{self.port}"
        controller = f"{LOOPBACK}:{self._controller_port}"
        return {
            "process.roles": "broker,controller",
            "node.id": NODE_ID,
            "controller.quorum.voters": f"{NODE_ID}@{controller}",
            "listeners": f"{broker},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{self._advertised_port or self.port}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": log_dir,
            "auto.create.topics.enable": "false",
            # One node has one replica.
            "offsets.topic.replication.factor": 1,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            # And few clients: fewer partitions, threads and buffers than for a cluster.
            "offsets.topic.num.partitions": 9,
            "transaction.state.log.num.partitions": 1,
            "share.coordinator.state.topic.num.partitions": 1,
            "num.network.threads": 2,
            "num.io.threads": 4,
            "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
            # Seconds until a broker that was killed is counted out, and can register again.
            "broker.session.timeout.ms": 4_000,
            "broker.heartbeat.interval.ms": 1_000,
            # The first consumer of a group need not wait for others.
            "group.initial.rebalance.delay.ms": 0,
        }
