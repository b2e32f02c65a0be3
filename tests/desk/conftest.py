"""The same places for ledgers as in the tests of the store: SQLite and PostgreSQL."""

from tests.store.conftest import place as place
