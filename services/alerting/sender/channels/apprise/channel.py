"""Sends a notification to one of the services that Apprise knows."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import apprise
from apprise.plugins import url_to_dict
from apprise.plugins.base import NotifyBase

from alerting.deliveries.apprise_url import check_apprise_url, check_parameters
from alerting.sender.channels.apprise.text import body, title
from alerting.sender.delivery import Delivery, DeliveryError, Receipt
from alerting.sender.lease import check_lease
from alerting.sender.settings import SenderSettings

# What it logs quotes URLs, which are credentials, and answers; what matters is recorded with the attempt.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


class AppriseChannel:
    """A `Channel`. Apprise says whether a service took the message, and not why it did not."""

    def __init__(self, settings: SenderSettings) -> None:
        self._schemes = settings.apprise_schemes
        self._timeout = settings.attempt_timeout
        self._asset = apprise.AppriseAsset(
            app_id="alerting", async_mode=False, storage_mode="memory", http_redirects=False
        )
        # An attempt takes a thread for its connection's whole time. Each service has its own, as many as there are
        # attempts to it, so that one that hangs keeps none of another waiting.
        self._threads = {
            scheme: ThreadPoolExecutor(settings.attempts_per_host, thread_name_prefix=f"apprise-{scheme}")
            for scheme in settings.apprise_schemes
        }

    def host(self, value: str) -> str:
        """Return the service's name."""
        return f"apprise:{value.partition('://')[0]}"

    async def send(self, delivery: Delivery) -> Receipt:
        """Make one attempt."""
        service = self._service(delivery.value)
        threads = self._threads[delivery.value.partition("://")[0]]
        # The thread is to know the lease's end, which is the context's.
        notify = asyncio.get_running_loop().run_in_executor(
            threads, copy_context().run, self._notify, service, delivery
        )
        try:
            async with asyncio.timeout(self._timeout):
                taken = await notify
        except TimeoutError as error:
            raise DeliveryError("the service did not answer in time", throttled=True) from error
        if not taken:
            raise DeliveryError("the service did not take it")
        return Receipt(None, "")

    async def close(self) -> None:
        """Wait for no thread: each ends with its own time-out."""
        for threads in self._threads.values():
            threads.shutdown(wait=False, cancel_futures=True)

    def _service(self, value: str) -> NotifyBase:
        try:
            check_apprise_url(value, self._schemes)
            # And once more as Apprise reads it, which is what it does.
            parts: dict[str, Any] = url_to_dict(value) or {}  # type: ignore[no-untyped-call]
            check_parameters(parts.get("qsd", {}))
        except ValueError as error:
            raise DeliveryError(str(error), permanent=True) from error
        service = apprise.Apprise.instantiate(parts, asset=self._asset)
        if not isinstance(service, NotifyBase):
            # The URL itself is a secret, and must not be quoted.
            raise DeliveryError("Apprise cannot read the URL", permanent=True)
        # A URL may ask for less.
        service.verify_certificate = True
        service.socket_connect_timeout = service.socket_read_timeout = self._timeout
        return service

    def _notify(self, service: NotifyBase, delivery: Delivery) -> bool:
        check_lease()
        return bool(service.notify(body=body(delivery), title=title(delivery), notify_type=apprise.NotifyType.WARNING))
