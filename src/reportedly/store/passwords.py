"""Passwords: which ones are taken, and their argon2 hashes.

Parameters are those that argon2-cffi recommends (RFC 9106, the second choice: 64 MiB and 3 passes). They stand inside
each hash, so that a hash made with older ones still tells, and is made anew when its owner logs in.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reportedly.errors import SettingsError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 1000
_LEAST_VARIED = 5


def require_good(password: str, *, name: str) -> None:
    """Raises `SettingsError` for a password that is easily guessed, or too long to be hashed for strangers."""
    lowered = password.casefold()
    hint = "several words that have nothing to do with each other are good, and easy to keep in mind"
    if not SHORTEST <= len(password) <= LONGEST:
        raise SettingsError(f"a password has {SHORTEST} to {LONGEST:,} characters", hint=hint)
    if len(set(lowered)) < _LEAST_VARIED:
        raise SettingsError("the password is the same few characters again and again", hint=hint)
    if lowered.replace(name.casefold(), "", 1).strip("0123456789 .,!?-_") == "":
        raise SettingsError("the password is the account's name, or digits alone", hint=hint)


def make_hash(password: str) -> str:
    """The argon2id hash, with its parameters and a salt of its own in it."""
    return _hasher().hash(_encoded(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether `kept` is the hash of `password`.

    `None`, which stands for an account that there is not, takes as long as a hash does: the time tells nothing.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    try:
        return _hasher().verify(kept or _decoy(), _encoded(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(kept)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _decoy() -> str:
    return make_hash("an account that there is not")


def _encoded(password: str) -> bytes:
    # A form may hold half of a surrogate pair, which is no reason to fail.
    return password.encode("utf-8", "surrogatepass")
