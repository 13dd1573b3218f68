"""Mail through Amazon SES: its API, version 2, with the message as it is."""

import asyncio
from contextlib import AsyncExitStack
from email.message import EmailMessage
from typing import Any, Final

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError

from alerting.sender.delivery import DeliveryError, Receipt, recordable
from alerting.sender.lease import check_lease
from alerting.sender.settings import SenderSettings

# What it says about the message or its recipient; anything else is between SES and us.
_THEIRS: Final = frozenset({"MessageRejected", "BadRequestException"})
_BUSY: Final = frozenset({"TooManyRequestsException", "LimitExceededException", "ThrottlingException", "Throttling"})


class SesTransport:
    """A `Transport`. Credentials come from where the AWS libraries look for them: the task's role, the environment."""

    name = "ses"

    def __init__(self, settings: SenderSettings) -> None:
        self._settings = settings
        self._resources = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._client: Any = None

    async def send(self, message: EmailMessage) -> Receipt:
        """Send one message; SES gives it a Message-ID of its own."""
        try:
            client = await self._opened()
            check_lease()
            answer = await client.send_email(**self._request(message))
        except ClientError as error:
            raise _refusal(error) from error
        except BotoCoreError as error:
            # Its text may name the endpoint, but no secret.
            raise DeliveryError(f"no answer of SES: {type(error).__name__}", ours=True) from error
        return Receipt(answer["ResponseMetadata"]["HTTPStatusCode"], recordable(answer["MessageId"]))

    async def close(self) -> None:
        """Close the connections."""
        await self._resources.aclose()

    async def _opened(self) -> Any:
        async with self._opening:
            if self._client is None:
                settings = self._settings
                config = AioConfig(
                    connect_timeout=settings.attempt_timeout,
                    read_timeout=settings.attempt_timeout,
                    max_pool_connections=settings.attempts_per_host,
                    # An attempt is one request: the schedule repeats it.
                    retries={"total_max_attempts": 1},
                )
                self._client = await self._resources.enter_async_context(
                    get_session().create_client(
                        "sesv2",
                        region_name=settings.ses_region or None,
                        endpoint_url=settings.ses_endpoint_url or None,
                        config=config,
                    )
                )
            return self._client

    def _request(self, message: EmailMessage) -> dict[str, Any]:
        request: dict[str, Any] = {
            "FromEmailAddress": str(message["From"]),
            "Destination": {"ToAddresses": [str(message["To"])]},
            "Content": {"Raw": {"Data": message.as_bytes()}},
        }
        if self._settings.ses_configuration_set:
            request["ConfigurationSetName"] = self._settings.ses_configuration_set
        return request


def _refusal(error: ClientError) -> DeliveryError:
    answer = error.response
    code = answer.get("Error", {}).get("Code", "")
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    theirs = code in _THEIRS
    return DeliveryError(
        f"SES answered {status} {code}",
        permanent=theirs,
        ours=not theirs,
        throttled=code in _BUSY,
        status=status,
        response=recordable(answer.get("Error", {}).get("Message", "")),
    )
