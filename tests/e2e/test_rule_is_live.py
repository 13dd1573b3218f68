"""A change of the rules is live within a second."""

import time

from fix_tenant import Tenant, wait_until


def test_a_new_rule_notifies_on_the_next_alert(tenant: Tenant) -> None:
    source = f"source-{tenant.id}"
    tenant.rule("HIGH", source, "*")
    time.sleep(1)  # the promise: after a second it is live
    (alert_id,) = tenant.send({"severity": "HIGH", "source": source, "name": "First"})
    wait_until(lambda: len(tenant.received()) == 1, 20, "the delivery")
    body = tenant.received()[0].body
    assert body["alert"]["alert_id"] == alert_id
    assert body["client_id"] == tenant.id


def test_a_deleted_rule_notifies_no_more(tenant: Tenant) -> None:
    source = f"source-{tenant.id}"
    first = tenant.rule("HIGH", source, "*")
    other = f"{source}-other"
    tenant.rule("HIGH", other, "*")
    response = tenant.client.delete(
        f"{tenant.stack.url('rule-service')}/api/v1/rules/{first}", headers={"if-match": '"1"'}
    )
    assert response.is_success, response.text
    tenant.settle()
    tenant.send({"severity": "HIGH", "source": source, "name": "Deleted"})
    (seen,) = tenant.send({"severity": "HIGH", "source": other, "name": "Kept"})
    wait_until(lambda: bool(tenant.received()), 20, "the delivery of the rule that is left")
    wait_until(lambda: tenant.stack.lag() == 0, 20, "no lag")
    assert [arrival.body["alert"]["alert_id"] for arrival in tenant.received()] == [seen]


def test_an_alert_sent_twice_notifies_once(tenant: Tenant) -> None:
    source = f"source-{tenant.id}"
    tenant.rule("*", source, "*")
    tenant.settle()
    alert = {"alert_id": f"twice-{tenant.id}", "severity": "LOW", "source": source, "name": "Twice"}
    for _ in range(3):
        assert tenant.send(alert) == [alert["alert_id"]]
    wait_until(lambda: bool(tenant.received()), 20, "the delivery")
    wait_until(lambda: tenant.stack.lag() == 0, 20, "no lag")
    wait_until(lambda: [one["status"] for one in tenant.notifications()] == ["SENT"], 20, "one notification, sent")
    assert len(tenant.received()) == 1
