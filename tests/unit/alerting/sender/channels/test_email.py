import email
import email.policy
from email.message import EmailMessage

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.sender.channels.email.message import MOST_SUBJECT, mail, recipient
from alerting.sender.delivery import Delivery, DeliveryError
from fix_delivery import make_delivery

NOW = 1_700_000_000.0


def sent(delivery: Delivery, sender: str = "Alerting <alerts@example.org>") -> EmailMessage:
    """Return the mail as its receiver reads it from the wire."""
    wire = mail(delivery, sender, NOW).as_bytes()
    read = email.message_from_bytes(wire, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content


def to(address: str = "oncall@example.com", **fields: object) -> Delivery:
    return make_delivery(type="email", value=address, **fields)


def test_headers_and_both_parts() -> None:
    message = sent(to())
    assert message["Subject"] == "[HIGH] payments: PaymentTimeout"
    assert message["To"] == "oncall@example.com"
    assert message["From"] == "Alerting <alerts@example.org>"
    assert message["Message-ID"] == "<01a208c8-9bc3-7249-a4ba-a14b1b409936@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.timestamp() == NOW
    assert message.get_content_type() == "multipart/alternative"
    for kind in ("plain", "html"):
        for word in ("PaymentTimeout", "payments", "HIGH", "2023-11-14 22:13:20 UTC", "region", "eu", "a1", "r1, r2"):
            assert word in part(message, kind)


def test_html_escapes_every_value_and_text_none() -> None:
    hostile = "<script>alert('x')</script> & \"y\""
    message = sent(
        to(
            name=hostile,
            source=hostile,
            alert_id=hostile,
            context=orjson.dumps({hostile: hostile}).decode(),
            rule_ids=[hostile],
            client_id=hostile,
        )
    )
    assert "<script" not in part(message, "html")
    assert part(message, "html").count("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp;") == 8
    assert hostile in part(message, "plain")


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
def test_no_name_begins_another_header(line_end: str) -> None:
    message = sent(to(name=f"x{line_end}Bcc: victim@example.com{line_end}{line_end}body"))
    assert message["Bcc"] is None
    assert message["Subject"] == "[HIGH] payments: x Bcc: victim@example.com body"


@given(name=st.text(max_size=400), source=st.text(max_size=50))
def test_any_name_makes_a_mail_with_one_subject(name: str, source: str) -> None:
    message = sent(to(name=name, source=source))
    assert len(message.get_all("Subject", [])) == 1
    assert len(message["Subject"]) <= MOST_SUBJECT
    assert message["To"] == "oncall@example.com"


def test_a_subject_of_other_letters_survives() -> None:
    assert sent(to(name="Überlast – 過負荷"))["Subject"] == "[HIGH] payments: Überlast – 過負荷"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "nobody",
        "@example.com",
        "a@",
        "a@b@c",
        "a@example.com, b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "A <a@example.com>",
        "jürgen@example.com",
        "a b@example.com",
        "a@" + "x" * 300 + ".com",
    ],
)
def test_what_is_no_mailbox_is_a_permanent_error(value: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        recipient(value)
    assert caught.value.permanent


def test_a_domain_of_other_letters_is_written_as_the_dns_has_it() -> None:
    assert recipient("a@exämple.com").addr_spec == "a@xn--exmple-cua.com"
