"""The broker as the services see it: a port, and adapters for Kafka and for memory."""

from alerting.runtime.broker.port import HEADERS, AsyncProducer, BatchConsumer, Headers, Message, Outgoing, Producer

__all__ = ["HEADERS", "AsyncProducer", "BatchConsumer", "Headers", "Message", "Outgoing", "Producer"]
