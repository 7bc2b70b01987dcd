"""Signing webhooks as Standard Webhooks 1.0.0 says, with the symmetric scheme “v1”.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, read in
November 2026: base64 of HMAC-SHA256 over “id.timestamp.body”. We only sign; calls that come in are
from providers, and carry none of these (`views/webhooks.py`).
"""

import base64
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
KEY_BYTES = 32  # the document asks for 24 to 64


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def sign(secret: str, *, id: str, timestamp: int, body: bytes) -> str:
    """One signature, “v1,…”."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{id}.{timestamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}"


def headers(secrets: Iterable[str], *, id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What a receiver checks; while a secret is being replaced, by the old or by the new one."""
    made = [sign(secret, id=id, timestamp=timestamp, body=body) for secret in secrets]
    return {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(made),
    }
