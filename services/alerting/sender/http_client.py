"""Posts to addresses that tenants chose: no redirects, no proxies, no private networks, no endless answers."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, Self

import aiohttp
from aiohttp import ClientConnectorError, ClientError, ClientRequest, ClientTimeout
from aiohttp.abc import AbstractResolver
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from alerting import __version__
from alerting.sender.addresses import RefusedAddress, checked_socket, refused
from alerting.sender.delivery import DeliveryError, Receipt, recordable
from alerting.sender.http_answer import http_error
from alerting.sender.lease import LeaseOver, check_lease
from alerting.sender.settings import SenderSettings

MOST_ANSWER_BYTES: Final = 65_536
_RECORDED_BYTES: Final = 1_024
# Shorter than that of most servers, so that a connection is not used at the moment when its server closes it.
_IDLE_SECONDS: Final = 4.0

_HEADERS: Final = {"user-agent": f"alerting/{__version__}", "accept": "*/*", "accept-encoding": "identity"}


class _FencedConnector(aiohttp.TCPConnector):
    """Gives no connection to a request whose lease ended while the connection was made."""

    async def connect(self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout) -> Connection:
        connection = await super().connect(req, traces, timeout)
        try:
            check_lease()
        except LeaseOver:
            connection.close()
            raise
        return connection


class HttpClient:
    """A pool of connections. To be used from one event loop, as a context."""

    def __init__(
        self, settings: SenderSettings, now: Callable[[], float], *, resolver: AbstractResolver | None = None
    ) -> None:
        """Make no connection yet; names are resolved by the machine unless a resolver is given."""
        self._now = now
        connector = _FencedConnector(
            limit=settings.attempts_in_flight,
            limit_per_host=settings.attempts_per_host,
            keepalive_timeout=_IDLE_SECONDS,
            # Each connection asks anew, and goes to the address that it was told and that was judged.
            use_dns_cache=False,
            resolver=resolver,
            socket_factory=checked_socket(settings.allowed_networks),
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=ClientTimeout(total=settings.attempt_timeout),
            headers=_HEADERS,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Receipt:
        """Post a body, and return the answer when it says that all is well.

        Raises
        ------
        DeliveryError
            There was no answer, or another one.
        """
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                answer = await _beginning(response)
        except aiohttp.ClientSSLError as error:
            raise DeliveryError(f"no TLS connection to {error.host}:{error.port}: {type(error).__name__}") from error
        except ClientConnectorError as error:
            if isinstance(error.os_error, RefusedAddress):
                raise refused(error.host) from None
            raise DeliveryError(f"no connection to {error.host}:{error.port}: {_reason(error.os_error)}") from error
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise DeliveryError("the address is not a URL of http or https", permanent=True) from error
        except TimeoutError as error:
            raise DeliveryError("no answer in time", throttled=True) from error
        except (ClientError, OSError) as error:
            raise DeliveryError(f"no answer: {type(error).__name__}") from error
        text = recordable(answer[:_RECORDED_BYTES].decode(errors="replace"))
        fault = http_error(response.status, text, response.headers, self._now())
        if fault is not None:
            raise fault
        return Receipt(response.status, text)


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    """Read what is recorded, and on to the end when it is near, so that the connection can be used again."""
    answer = bytearray()
    # The status is what counts, and it is there: an answer that breaks off afterwards changes nothing.
    with suppress(ClientError, TimeoutError, OSError):
        while len(answer) < MOST_ANSWER_BYTES:
            chunk = await response.content.read(MOST_ANSWER_BYTES - len(answer))
            if not chunk:
                return bytes(answer)
            answer += chunk
    response.close()
    return bytes(answer)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
