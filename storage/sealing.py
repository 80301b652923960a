"""What must not be read from a copy of the database: phones, addresses, notes, duress choices.

A sealed value is text, `belay1.<key id>.<nonce and ciphertext>`. It opens only with the right key
and only as what it was sealed as (`about`, such as "person/p1/phone"): a value that somebody moved
to another row or column does not open.
"""

import base64
import binascii
import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, select

from storage import database, tables

KEY_BYTES = 32  # AES-256
NONCE_BYTES = 12  # what GCM is specified for (NIST SP 800-38D)
LENGTH_BYTES = 4
# Values are padded to whole blocks, so that the length of an answer or a phrase tells nothing.
BLOCK = 128
FORMAT = "belay1"
WAY_OUT = "Make one with: belay keys generate. Then put it into BELAY_KEYS."


class BadKeyError(Exception):
    """This says why a key, or the set of keys, cannot be used; it never holds a key."""


class CannotOpenError(Exception):
    """This says that a sealed value did not open: another key, another place, or damaged."""


def generate_key() -> str:
    """This makes a new key, as it goes into the settings: 32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def read_key(text: str) -> bytes:
    """This reads one key from the settings. Raises BadKeyError with what to do."""
    try:
        key = base64.b64decode(
            text.strip(), altchars=b"-_" if set(text) & set("-_") else None, validate=True
        )
    except (binascii.Error, ValueError):
        raise BadKeyError(f"A key is not base64. {WAY_OUT}") from None
    return _checked(key)


class Sealer:
    """This seals with the first key and opens with any of them."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise BadKeyError(f"No key to seal phones, addresses and notes with. {WAY_OUT}")
        self._ciphers = {fingerprint(_checked(key)): AESGCM(key) for key in keys}
        self._first = fingerprint(keys[0])

    @classmethod
    def from_text(cls, keys: str) -> Self:
        """This reads keys as they stand in the settings with commas; raises BadKeyError."""
        return cls([read_key(part) for part in keys.split(",") if part.strip()])

    @property
    def fingerprints(self) -> frozenset[str]:
        """The fingerprints of the keys that were given; no key can be found from one."""
        return frozenset(self._ciphers)

    def seal(self, text: str, about: str) -> str:
        """This seals `text` as `about`, under the first key and a nonce of its own."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self._first].encrypt(nonce, _padded(text), _bound(about))
        return f"{FORMAT}.{_key_id(self._first)}.{_encoded(nonce + sealed)}"

    def open(self, blob: str, about: str) -> str:
        """This opens what was sealed as `about`. Raises CannotOpenError."""
        _, cipher = self._cipher_of(blob, about)
        try:
            raw = base64.urlsafe_b64decode(blob.split(".")[2].encode("ascii"))
            plain = cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(about))
        except (InvalidTag, ValueError):
            raise CannotOpenError(f"{about} was damaged, or was sealed for another place") from None
        return _unpadded(plain)

    def reseal(self, blob: str, about: str) -> str:
        """This gives the value under the first key; one that is there already stays as it is."""
        used, _ = self._cipher_of(blob, about)
        return blob if used == self._first else self.seal(self.open(blob, about), about)

    def register(self, conn: Connection) -> None:
        """This records the keys in use; raises BadKeyError where a key of this database is absent.

        Called once at the start: without it a mistyped key would show only when somebody needs a
        phone number in an emergency.
        """
        known = set(conn.execute(select(tables.sealing_key.c.fingerprint)).scalars())
        if absent := known - self.fingerprints:
            names = ", ".join(sorted(_key_id(one) for one in absent))
            raise BadKeyError(
                f"This database was sealed with a key that was not given (key {names}). "
                "Add that key to BELAY_KEYS after the new one, separated by a comma; "
                "belay keys rotate then seals everything anew, and the old key may go."
            )
        if new := sorted(self.fingerprints - known):
            # Several replicas may start at once.
            known_once = database.insert(conn, tables.sealing_key).on_conflict_do_nothing()
            conn.execute(known_once, [{"fingerprint": one} for one in new])

    def retire_others(self, conn: Connection) -> None:
        """This forgets every key but the first; only after everything was sealed anew."""
        keys = tables.sealing_key
        conn.execute(delete(keys).where(keys.c.fingerprint != self._first))

    def _cipher_of(self, blob: str, about: str) -> tuple[str, AESGCM]:
        form, _, rest = blob.partition(".")
        key_id = rest.partition(".")[0]
        for full, cipher in self._ciphers.items():
            if form == FORMAT and blob.count(".") == 2 and _key_id(full) == key_id:
                return full, cipher
        raise CannotOpenError(f"{about} was sealed with a key that was not given, or is not sealed")


def fingerprint(key: bytes) -> str:
    """This names a key without giving it away: keys are random, so nobody can guess one from it."""
    return sha256(b"belay key fingerprint" + key).hexdigest()


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise BadKeyError(f"A key has {len(key)} bytes, and must have {KEY_BYTES}. {WAY_OUT}")
    return key


def _key_id(full: str) -> str:
    return full[:16]


def _bound(about: str) -> bytes:
    return f"{FORMAT}/{about}".encode()


def _padded(text: str) -> bytes:
    raw = text.encode()
    whole = len(raw).to_bytes(LENGTH_BYTES, "big") + raw
    return whole + b"\0" * (-len(whole) % BLOCK)


def _unpadded(plain: bytes) -> str:
    length = int.from_bytes(plain[:LENGTH_BYTES], "big")
    return plain[LENGTH_BYTES : LENGTH_BYTES + length].decode()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii")
