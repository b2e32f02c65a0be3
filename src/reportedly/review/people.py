"""Who is asking, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import HTTPException, Request

ROLES = ("reader", "reviewer", "editor", "admin")
"""From the least to the most: each may do what those before it may."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking: `name` signs what they decide, `role` is one of `ROLES`."""

    name: str
    role: str

    def may(self, role: str) -> bool:
        """Whether this person may do what `role` may."""
        return ROLES.index(self.role) >= ROLES.index(role)


LOCAL = Person("local", "admin")
"""Whoever sits at the machine, where the app listens on loopback and has no accounts."""


def current(request: Request) -> Person:
    """Who is asking."""
    person = getattr(request.state, "person", None)
    return person if isinstance(person, Person) else LOCAL


def require(role: str) -> Callable[[Request], Person]:
    """A dependency that gives the person, or answers 403 where their role is less than `role`."""

    def check(request: Request) -> Person:
        person = current(request)
        if not person.may(role):
            raise HTTPException(403, f"this needs the role {role}, and {person.name} is {person.role}")
        return person

    return check


def csrf_token(request: Request) -> str:
    """What a form must carry so that it is taken to be ours."""
    return str(getattr(request.state, "csrf", ""))
