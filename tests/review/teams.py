"""A ledger with accounts, and the app over it as each of them sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from reportedly.review.app import create_app
from reportedly.review.settings import ReviewSettings
from reportedly.store import Ledger, passwords

SECRET = "x7" * 20
WORD = "four lamps by the river"
HERE = "http://127.0.0.1:8470"
ROLES = {"rea": "reader", "rev": "reviewer", "ed": "editor", "ann": "admin"}


def quicken(patch: pytest.MonkeyPatch) -> None:
    """Password hashes that are cheap to make."""
    patch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def make_team(path: Path) -> None:
    """Gives the ledger an account of each role."""
    with Ledger.open(path) as ledger:
        for name, role in sorted(ROLES.items(), key=lambda pair: pair[1] != "admin"):
            ledger.add_account(name, WORD, role=role, by="local")


def app_over(path: Path, **changes: Any) -> FastAPI:
    """The app over the ledger at `path`."""
    return create_app(ReviewSettings(str(path), "village", **{"secret": SECRET, **changes}))


@dataclass
class Browser:
    """A browser that keeps cookies and sends forms as our pages do."""

    client: TestClient

    @classmethod
    def of(cls, app: FastAPI, address: str = HERE) -> Browser:
        """One that has not been anywhere. The app is not started or stopped by it."""
        return cls(TestClient(app, base_url=address, follow_redirects=False))

    def get(self, path: str, **given: Any) -> Any:
        """As typed into the address bar."""
        return self.client.get(path, **given)

    def sign(self, path: str = "/login") -> str:
        """What the forms on that page carry."""
        found = re.search(r'name="csrf" value="(\w*)"|"X-CSRF-Token": "(\w*)"', self.get(path).text)
        assert found is not None
        return found[1] or found[2]

    def send(self, path: str, page: str = "/account", /, **fields: str) -> Any:
        """A form of ours."""
        return self.client.post(path, data={"csrf": self.sign(page), **fields})

    def log_in(self, name: str, password: str = WORD, **more: str) -> Any:
        """By the form on the login page."""
        return self.send("/login", "/login", name=name, password=password, **more)
