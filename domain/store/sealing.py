"""Encryption at rest: AES-256-GCM under rotating keys, and a blind index to find sealed addresses.

A sealed value is one version byte, the key's id, a nonce and the ciphertext; the column's name is authenticated
with it, so that a value cannot be moved to another column. Without keys values are stored as they are, marked so,
and are sealed when they are next written with a key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_PLAIN, _GCM = 0, 1
_NONCE = 12


class SealError(ValueError):
    """A key cannot be used, or a sealed value cannot be opened with the keys at hand."""


@dataclass(slots=True)
class Keyring:
    """Keys by id; the first seals, all open."""

    keys: dict[str, AESGCM] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> Keyring:
        """Read `id:base64 of 32 bytes`, comma-separated; SealError says which one is wrong."""
        keys: dict[str, AESGCM] = {}
        for number, part in enumerate(filter(None, (piece.strip() for piece in text.split(","))), start=1):
            name, _, encoded = part.partition(":")
            checked = _checked(name, number, keys)
            keys[checked] = AESGCM(_decoded(encoded, number))
        return cls(keys)

    def seal(self, value: bytes, column: str) -> bytes:
        """Return *value* sealed for *column*."""
        if not self.keys:
            return bytes((_PLAIN,)) + value
        name, key = next(iter(self.keys.items()))
        nonce = os.urandom(_NONCE)
        head = bytes((_GCM, len(name))) + name.encode()
        return head + nonce + key.encrypt(nonce, value, column.encode())

    def open(self, sealed: bytes, column: str) -> bytes:
        """Return what was sealed for *column*; SealError when no key fits."""
        if sealed[:1] == bytes((_PLAIN,)):
            return sealed[1:]
        if len(sealed) < 2 or sealed[0] != _GCM:
            raise SealError(f"{column} cannot be opened: it was altered, or sealed by another release")
        end = 2 + sealed[1]
        name = sealed[2:end].decode("ascii", "replace")
        key = self.keys.get(name)
        if key is None:
            raise SealError(f"{column} is sealed with key {name!r}, which FIELD_KEYS does not have")
        try:
            return key.decrypt(sealed[end : end + _NONCE], sealed[end + _NONCE :], column.encode())
        except (InvalidTag, ValueError):  # ValueError: what is left of it is too short
            raise SealError(
                f"{column} cannot be opened: key {name!r} is another one, or the value was altered"
            ) from None


def _checked(name: str, number: int, keys: dict[str, AESGCM]) -> str:
    if not name or len(name) > 40 or not name.isascii():
        raise SealError(f"key {number} has no id: write it as id:base64")
    if name in keys:
        raise SealError(f"key id {name!r} stands twice")
    return name


def _decoded(encoded: str, number: int) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise SealError(f"key {number} is not base64") from None
    if len(key) != 32:
        raise SealError(f"key {number} has {len(key)} bytes and needs 32")
    return key


def new_key(name: str) -> str:
    """Return a fresh key in the form that `Keyring.of` reads."""
    return f"{name}:{base64.b64encode(os.urandom(32)).decode()}"


def blind_index(secret: bytes, channel: str, address: str) -> str:
    """Return what an address is found by: equal for equal addresses, and tells nothing else."""
    return hmac.new(secret, f"{channel}\0{address}".encode(), hashlib.sha256).hexdigest()[:32]
