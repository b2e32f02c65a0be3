"""Who is asking, and what they may do. `guard` finds out who it is; pages ask `current` and `require`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from reportedly.store.accounts import ROLES


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking: `name` signs what they decide, `role` is one of `ROLES`, or "" of somebody not logged in."""

    name: str
    role: str

    def may(self, role: str) -> bool:
        """Whether this person may do what `role` may."""
        return self.role in ROLES and ROLES.index(self.role) >= ROLES.index(role)


LOCAL = Person("local", "admin")
"""Whoever sits at the machine, where the app listens on loopback and has no accounts."""

NOBODY = Person("", "")
"""Somebody who is not logged in; sees the login page, and what refuses them."""


def current(request: Request) -> Person:
    """Who is asking. Where nobody has found out, it is `NOBODY`."""
    person = getattr(request.state, "person", None)
    return person if isinstance(person, Person) else NOBODY


def require(role: str) -> Callable[[Request], Person]:
    """A dependency that gives the person, or answers 403 where their role is less than `role`."""

    def check(request: Request) -> Person:
        person = current(request)
        if not person.may(role):
            raise HTTPException(403, f"this needs the role {role}; you are {person.role or 'not logged in'}")
        return person

    return check


Reader = Annotated[Person, Depends(require("reader"))]
Reviewer = Annotated[Person, Depends(require("reviewer"))]
Editor = Annotated[Person, Depends(require("editor"))]
Admin = Annotated[Person, Depends(require("admin"))]
"""What a page is given that asks for a person of this role or a higher one."""


def csrf_token(request: Request) -> str:
    """What a form must carry so that it is taken to be ours."""
    return str(getattr(request.state, "csrf", ""))


def session_key(request: Request) -> str | None:
    """The key of the session, for those who log out or change their password."""
    key = getattr(request.state, "session_key", None)
    return key if isinstance(key, str) else None
