"""Mail servers that offer what they should, and others; and Amazon SES's answers."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from ssl import SSLContext
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from alerting.doctor import mail_facts
from alerting.doctor.answer import ask
from alerting.doctor.facts import Facts
from alerting.doctor.finding import Finding
from alerting.local.ports import free_port
from alerting.sender.settings import SenderSettings
from fix_delivery import Answer, running_receiver
from fix_doctor import found
from fix_tls import Authority


class NoMail:
    """Takes no mail: the doctor sends none."""

    async def handle_MAIL(self, *_: object) -> str:  # noqa: N802
        raise AssertionError("a mail was sent")


@contextmanager
def mail_server(context: SSLContext | None = None, *, login: bool = False) -> Iterator[int]:
    port = free_port()
    more: dict[str, Any] = {}
    if login:
        more = {"authenticator": lambda *_: AuthResult(success=False), "auth_require_tls": context is not None}
    controller = Controller(NoMail(), hostname="127.0.0.1", port=port, tls_context=context, **more)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def look(port: int, **settings: object) -> Finding:
    given = SenderSettings.model_validate({"smtp_host": "localhost", "smtp_port": port, **settings})
    facts = Facts(smtp_login=bool(given.smtp_password.get_secret_value()), smtp_starttls=given.smtp_starttls)
    facts.mail = ask(lambda: mail_facts.look(given))
    return found(facts, "mail.server")


def test_one_without_tls_and_without_a_password() -> None:
    with mail_server() as port:
        assert look(port).found == f"localhost:{port} answers, without STARTTLS"
        assert "does not offer STARTTLS" in look(port, smtp_starttls="always").found
        assert "nobody log in" in look(port, smtp_username="me", smtp_password="s3cr3t").found


def test_a_password_does_not_go_out_in_the_clear() -> None:
    with mail_server(login=True) as port:
        assert "is not sent without" in look(port, smtp_username="me", smtp_password="s3cr3t").found


def test_one_that_is_as_it_should_be(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    with mail_server(authority.context, login=True) as port:
        finding = look(port, smtp_username="me", smtp_password="s3cr3t", smtp_starttls="always")
    assert (finding.status, finding.found) == ("ok", f"localhost:{port} answers, with STARTTLS")


def test_one_that_nobody_vouches_for(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.other_ca_file))
    with mail_server(authority.context) as port:
        assert "certificate" in look(port).found
        assert look(port, smtp_starttls="never").status == "ok"


def test_one_that_is_away() -> None:
    assert "refused" in look(free_port()).found


SES = "/v2/email/account"


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [
        (Answer(200, b'{"SendingEnabled": true, "ProductionAccessEnabled": true}'), "ok", "lets this account send"),
        (Answer(200, b'{"SendingEnabled": true, "ProductionAccessEnabled": false}'), "warn", "sandbox"),
        (Answer(200, b'{"SendingEnabled": false, "ProductionAccessEnabled": true}'), "fail", "does not let"),
        (Answer(403, b'{"message": "not authorized to perform ses:GetAccount"}'), "fail", "ses:GetAccount"),
    ],
)
async def test_amazon_ses(answer: Answer, status: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    facts = Facts()
    async with running_receiver() as receiver:
        receiver.answers[SES] = [answer]
        given = SenderSettings(email_transport="ses", ses_region="eu-central-1", ses_endpoint_url=receiver.url)
        facts.mail = await asyncio.to_thread(ask, lambda: mail_facts.look(given))
    finding = found(facts, "mail.server")
    assert (finding.status, text in finding.found) == (status, True), finding
