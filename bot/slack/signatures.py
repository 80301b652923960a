"""This tells whether Slack has signed a delivery, before anything of it is taken apart.

bolt looks at the signature too, but only after it has parsed the body, and it fails on a header
that is not as Slack writes it. Everybody can reach the address, so here nothing fails.
"""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

# How old a delivery may be (s), as on Slack's page on verifying requests.
WINDOW: Final = 300


def signed(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
    """Whether this body was signed with the secret, within the window around now (unix s).

    The signature covers the time, so an old delivery cannot be made young.
    """
    stamp = headers.get("X-Slack-Request-Timestamp", "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= len(str(2**63))):
        return False
    if abs(now - int(stamp)) > WINDOW:
        return False
    said = headers.get("X-Slack-Signature", "").encode("utf-8", "surrogatepass")
    made = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, sha256).hexdigest()
    # In constant time; on bytes, because on text it fails for what is not ASCII.
    return hmac.compare_digest(f"v0={made}".encode(), said)
