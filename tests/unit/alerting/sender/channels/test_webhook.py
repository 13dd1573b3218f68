import orjson

from alerting.sender.channels.port import url_host
from alerting.sender.channels.webhook.body import webhook_body
from fix_delivery import make_delivery


def test_the_body_has_the_alert_as_it_came() -> None:
    delivery = make_delivery(context='{"a": "<b> & \\u00e9"}', attempt=3)
    assert orjson.loads(webhook_body(delivery)) == {
        "notification_id": delivery.notification_id,
        "delivery_id": delivery.id,
        "client_id": "acme",
        "alert": {
            "alert_id": "a1",
            "severity": "HIGH",
            "source": "payments",
            "name": "PaymentTimeout",
            "context": {"a": "<b> & é"},
            "event_at": "2023-11-14T22:13:20Z",
        },
        "rule_ids": ["r1", "r2"],
        "rules_version": 7,
        "attempt": 3,
    }


def test_a_host_is_a_host_and_a_port_whoever_calls_it() -> None:
    assert url_host("https://Hooks.example.com/a") == url_host("https://user:pw@hooks.example.com/b?c")
    assert url_host("http://a:81/") != url_host("http://a:82/")
    # Otherwise a host could be asked by twice as many at a time.
    assert url_host("http://a/") == url_host("http://A:80/b") == url_host("http://a:080/")
    assert url_host("http://bücher.example/") == url_host("http://xn--bcher-kva.example/")
    assert url_host("http://[::1") == "http://[::1"
