"""What `reportedly export` does once its options are read."""

from __future__ import annotations

import re
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportedly.export.book import Rows
    from reportedly.export.profiles import Profile
    from reportedly.export.rules import Rule


def run_export(
    ledger: str, *, to: str, out: Path | None, rule: Rule, profile: Profile, replace: bool
) -> None:  # fmt: skip
    """Write the export and say on stderr where. Raises `LedgerError` for a ledger that was never linked."""
    from reportedly.cli.screen import many, public_name, say
    from reportedly.desk.agreeing import make_judge
    from reportedly.desk.holdings import LedgerHoldings, known_actor
    from reportedly.errors import LedgerError
    from reportedly.export import load_export
    from reportedly.export.write import LOSS, write_export
    from reportedly.ontology import load_ontology
    from reportedly.store import Ledger

    export = load_export(to)
    folder = out or Path(f"{short_name(ledger)}-{to}")
    with Ledger.open(ledger, create=False) as store:
        if store.linking() is None:
            where = public_name(ledger)
            raise LedgerError("was never linked", where=where, hint=f"reportedly link {where} makes its incidents")

        def note(made: Path, rows: Rows) -> None:
            if not store.may_log():
                say(f"{public_name(ledger)} can only be read: its log doesn't tell of this export.")
                return
            details = {"shown": rows.shown, "rule": rule.notes(), "profile": profile.notes(), "files": hashes_of(made)}
            store.log("export", subject=to, details=details)

        holdings = LedgerHoldings(store, title=short_name(ledger), judge=make_judge())
        rows = write_export(
            export,
            folder,
            holdings,
            name=to,
            rule=rule,
            profile=profile,
            ontology=load_ontology(),
            known=known_actor() if profile.names else lambda name: False,
            replace=replace,
            written=note,
        )
    left = sum(rows.left.values())
    say(f"{folder}: {many(rows.shown, 'incident')}; {many(left, 'incident')} left out, see {folder / LOSS}")


def hashes_of(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in a folder, by its name in there."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            found[path.relative_to(folder).as_posix()] = file_digest(file, "sha256").hexdigest()
    return found


def short_name(ledger: str) -> str:
    """The name of a ledger without folders, users and passwords: "war.db" is "war", a URL its database."""
    name = re.split(r"[/\\]", re.sub(r"[?#].*$", "", ledger) if "://" in ledger else ledger.rstrip("/\\"))[-1]
    return re.sub(r"\.\w{1,8}$", "", name) or "ledger"


def list_formats() -> None:
    """A line for each format on stdout."""
    from reportedly.export import formats, load_export

    for name in formats():
        print(f"{name:9} {load_export(name).title}")
