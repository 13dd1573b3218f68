"""An admin client is of use again after a failure."""

import pytest
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from alerting.runtime.broker.admin import Admin
from alerting.runtime.config import Settings


def itself(client: AdminClient) -> AdminClient:
    return client


@pytest.mark.parametrize("failure", [KafkaException(KafkaError(KafkaError._TRANSPORT)), TimeoutError()])
def test_another_client_asks_after_a_failure(failure: Exception) -> None:
    admin = Admin(Settings(kafka_bootstrap_servers="127.0.0.1:1"))
    first = admin.ask(itself)
    assert admin.ask(itself) is first

    def fail(_client: AdminClient) -> None:
        raise failure

    with pytest.raises(type(failure)):
        admin.ask(fail)
    second = admin.ask(itself)
    assert second is not first
    assert admin.ask(itself) is second
