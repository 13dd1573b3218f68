"""Writes messages that no service can read: python write_garbage.py BROKER TOPIC KEY TEXT..."""

import sys

from confluent_kafka import Producer


def main(broker: str, topic: str, key: str, *texts: str) -> None:
    """Return when the broker has them."""
    producer = Producer({"bootstrap.servers": broker})
    for text in texts:
        producer.produce(topic, key=key, value=text.encode())
    left = producer.flush(30)
    if left:
        sys.exit(f"{left} messages were not taken")


if __name__ == "__main__":
    main(*sys.argv[1:])
