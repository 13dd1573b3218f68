"""Signatures as of Standard Webhooks 1.0 (https://www.standardwebhooks.com)."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from alerting.sender.delivery import DeliveryError

_PREFIX: Final = "whsec_"


def signature_headers(delivery_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """Return the three headers; the signature is made once with each secret, so that a rotation breaks nothing.

    Raises
    ------
    DeliveryError
        There is no secret, or one that is none.
    """
    if not secrets:
        raise DeliveryError("the endpoint has no secret to sign with", ours=True)
    signed = b"%s.%d.%s" % (delivery_id.encode(), timestamp, body)
    signatures = (base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode() for secret in secrets)
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }


def _key(secret: str) -> bytes:
    try:
        if not secret.startswith(_PREFIX):
            raise ValueError("no prefix")
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        # The secret itself must not be told.
        raise DeliveryError("the endpoint's secret is not whsec_ and base64", ours=True) from None
