"""The checks of what waits in the database, and of how it gets out."""

from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import Final

from alerting.doctor.answer import Unknown, known
from alerting.doctor.facts import Facts, MailServer, SesAccount, Waiting
from alerting.doctor.finding import Finding, fail, ok, skipped, warn

LATE: Final = 900.0
_UNPUBLISHED: Final = 30.0
_MOST_COUNTED: Final = 10_000
_WIDE: Final = {4: 8, 6: 16}
"""Prefixes that are shorter have more in them than a network of one's own."""
_METADATA: Final = [ip_address("169.254.169.254"), ip_address("fd00:ec2::254"), ip_address("168.63.129.16")]
_LOOPBACK: Final = [ip_network("127.0.0.0/8"), ip_network("::1/128")]


def overdue(facts: Facts) -> Finding:
    """Judge whether deliveries are taken when it is their time."""
    waiting = known(facts.postgres.overdue)
    if not waiting.number:
        return ok("deliveries.overdue", "none")
    found = f"{_count(waiting)} are due, the oldest for {waiting.seconds:,.0f} s"
    return fail("deliveries.overdue", found) if waiting.seconds > LATE else warn("deliveries.overdue", found)


def unplanned(facts: Facts) -> Finding:
    """Judge whether notifications become deliveries."""
    waiting = known(facts.postgres.unplanned)
    if not waiting.number:
        return ok("deliveries.unplanned", "none")
    return fail("deliveries.unplanned", f"{_count(waiting)} wait, the oldest for {waiting.seconds:,.0f} s")


def outbox(facts: Facts) -> Finding:
    """Judge whether changes of rules are published."""
    waiting = known(facts.postgres.outbox)
    found = f"{_count(waiting)} are not published, the oldest for {waiting.seconds:,.0f} s"
    if waiting.number and waiting.seconds > _UNPUBLISHED:
        return fail("outbox.lag", found)
    return ok("outbox.lag", found if waiting.number else "all are published")


def _count(waiting: Waiting) -> str:
    return f"{waiting.number:,}" if waiting.number <= _MOST_COUNTED else f"more than {_MOST_COUNTED:,}"


def mail(facts: Facts) -> Finding:
    """Judge whether mail gets out."""
    server = facts.mail
    if isinstance(server, Unknown):
        if facts.postgres.mail_endpoints is False:
            return skipped("mail.server", f"no enabled endpoint is a mail address; the server: {server.because}")
        return fail("mail.server", server.because)
    return _ses(server) if isinstance(server, SesAccount) else _smtp(server, facts)


def _smtp(server: MailServer, facts: Facts) -> Finding:
    if facts.smtp_starttls == "always" and not server.starttls:
        return fail("mail.server", f"{server.name} does not offer STARTTLS, which the settings want always")
    if not server.trusted:
        return fail("mail.server", f"{server.name}: nobody who is trusted vouches for its certificate")
    if facts.smtp_login and not server.login:
        return fail("mail.server", f"{server.name} lets nobody log in, and ALERTING_SMTP_PASSWORD is set")
    if facts.smtp_login and not server.starttls:
        return fail("mail.server", f"{server.name} does not offer STARTTLS, and a password is not sent without")
    if facts.smtp_login and facts.smtp_starttls == "never":
        return warn("mail.server", f"the password for {server.name} crosses the network in the clear")
    return ok("mail.server", f"{server.name} answers, {'with' if server.starttls else 'without'} STARTTLS")


def _ses(account: SesAccount) -> Finding:
    if not account.may_send:
        return fail("mail.server", "Amazon SES does not let this account send", "see the account's status in SES")
    if account.sandbox:
        return warn(
            "mail.server",
            "the account is in the sandbox of Amazon SES: only verified addresses get mail",
            "ask for production access in SES",
        )
    return ok("mail.server", "Amazon SES lets this account send")


def addresses(facts: Facts) -> Finding:
    """Judge where tenants' webhooks may lead."""
    check, networks = "delivery.addresses", facts.allowed_networks
    for network in networks:
        if network.prefixlen < _WIDE[network.version]:
            return fail(check, f"{network} is allowed, which is nearly everything")
        if any(address in network for address in _METADATA):
            return fail(check, f"{network} is allowed, and a cloud's metadata with its credentials is in it")
    here = [str(network) for network in networks if any(network.overlaps(own) for own in _LOOPBACK)]
    if here:
        return warn(check, f"{', '.join(here)} is allowed: tenants can reach what listens on the sender's own machine")
    if facts.settings.insecure_endpoints:
        return warn(check, "endpoints without TLS are taken: ALERTING_ALLOW_INSECURE_ENDPOINTS is for tests")
    return ok(check, f"public addresses, and {', '.join(map(str, networks)) or 'no private network'}")


JUDGES: Final[Mapping[str, Callable[[Facts], Finding]]] = {
    "deliveries.overdue": overdue,
    "deliveries.unplanned": unplanned,
    "outbox.lag": outbox,
    "mail.server": mail,
    "delivery.addresses": addresses,
}
