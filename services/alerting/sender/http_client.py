"""Posts to addresses that tenants chose: no redirects, no proxies, no private networks, no endless answers."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from typing import Self

from alerting.sender.addresses import RefusedAddress, refused
from alerting.sender.delivery import DeliveryError, Receipt, recordable
from alerting.sender.http_answer import http_error
from alerting.sender.http_connection import Answer, HttpConnection, NoAnswer
from alerting.sender.http_connector import Connector, Resolve, resolve
from alerting.sender.http_request import Origin, request_bytes, target_of
from alerting.sender.lease import check_lease
from alerting.sender.settings import SenderSettings


class HttpClient:
    """Asks receivers over connections that it keeps. To be used from one event loop, as a context.

    How many requests there are at a time is bounded by whoever makes them: there are no more connections than that,
    beside those that were in use a moment ago.
    """

    def __init__(self, settings: SenderSettings, now: Callable[[], float], *, resolve: Resolve = resolve) -> None:
        """Make no connection yet; names are resolved by the machine unless told otherwise."""
        self._now = now
        self._timeout = settings.attempt_timeout
        self._connector = Connector(settings.allowed_networks, resolve)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._connector.close()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Receipt:
        """Post a body, and return the answer when it says that all is well.

        Raises
        ------
        DeliveryError
            There was no answer, or another one.
        """
        target = target_of(url)
        deadline = asyncio.get_running_loop().time() + self._timeout
        try:
            answer = await self._ask(target.origin, request_bytes(target, headers, body), deadline)
        except NoAnswer as error:
            raise DeliveryError(f"no answer: {error}") from error
        except TimeoutError as error:
            raise DeliveryError("no answer in time", throttled=True) from error
        text = recordable(answer.body.decode(errors="replace"))
        fault = http_error(answer.status, text, answer.headers, self._now())
        if fault is not None:
            raise fault
        return Receipt(answer.status, text)

    async def _ask(self, origin: Origin, request: bytes, deadline: float) -> Answer:
        connection = self._connector.idle(origin)
        if connection is None:
            async with asyncio.timeout_at(deadline):
                connection = await self._connect(origin)
        try:
            # Making the connection may have taken until another sender has the delivery.
            check_lease()
            return await connection.ask(request, deadline)
        finally:
            self._connector.give_back(origin, connection)

    async def _connect(self, origin: Origin) -> HttpConnection:
        to = f"{origin.host}:{origin.port}"
        try:
            return await self._connector.connect(origin)
        except RefusedAddress:
            raise refused(origin.host) from None
        except ssl.SSLError as error:
            raise DeliveryError(f"no TLS connection to {to}: {type(error).__name__}") from error
        except OSError as error:
            raise DeliveryError(f"no connection to {to}: {error.strerror or type(error).__name__}") from error
        except (UnicodeError, RuntimeError) as error:
            # A name that no server of names can be asked for; and uvloop's word for some errors of sockets.
            raise DeliveryError(f"no connection to {to}: {type(error).__name__}") from error
