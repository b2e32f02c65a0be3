"""`reportedly judge`: what a person decides about claims and incidents."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reportedly.store import Ledger


class Action(Enum):
    """What can be decided."""

    merge = "merge"
    split = "split"
    accept = "accept"
    reject = "reject"
    undo = "undo"


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("judge")(judge)


def judge(
    ledger: Annotated[str, typer.Argument(help="The ledger: a file or a database's URL.")],
    action: Annotated[Action, typer.Argument(metavar="merge|split|accept|reject|undo", help="What is decided.")],
    subjects: Annotated[list[str], typer.Argument(metavar="ID…", help="Claims; for accept and reject also incidents.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who decides.", envvar="REPORTEDLY_BY")],
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Why.")] = None,
) -> None:
    """Record a decision: these claims belong together, or apart; this is right, or wrong; that decision is taken back.

    merge: the first claim tells of the same happening as each of the others. split: it tells of another one. undo takes
    judgements back, by their ids. Decisions are never deleted, the newest counts, and `reportedly link` follows them.
    """
    from datetime import UTC, datetime

    from reportedly.cli.screen import public_name
    from reportedly.desk.facts import renew_facts
    from reportedly.errors import SettingsError
    from reportedly.ids import judgement_id
    from reportedly.store import Ledger
    from reportedly.types import Judgement

    if action in (Action.merge, Action.split) and len(set(subjects)) < 2:
        raise SettingsError(
            f"{action.value} needs two claims or more", hint="the first is set beside each of the others"
        )
    made = datetime.now(UTC)
    name = judgement_id(made.isoformat(), by, action.value, subjects)
    with Ledger.open(ledger, create=False) as store:
        _require(store, action, subjects, public_name(ledger))
        store.judge(Judgement(name, made, by, action.value, tuple(subjects), note))
        renew_facts(store)
    more = (
        f"; reportedly link {public_name(ledger)} follows it"
        if action in (Action.merge, Action.split, Action.undo)
        else ""
    )
    typer.echo(f"{name}{more}")


def _require(store: Ledger, action: Action, subjects: list[str], where: str) -> None:
    """Raises `LedgerError` where a subject is nothing that the action can be about."""
    from reportedly.errors import LedgerError

    if action is Action.undo:
        known = {j.id for j in store.judgements()}
    else:
        known = set(store.claims_named(subjects))
        if action in (Action.accept, Action.reject):
            known |= {s for s in subjects if store.incident(s)}
    unknown = [s for s in subjects if s not in known]
    if unknown:
        either = action in (Action.accept, Action.reject)
        kind = "judgement" if action is Action.undo else "claim or incident" if either else "claim"
        told = "reportedly judge printed it" if action is Action.undo else "reportedly incidents LEDGER ID shows them"
        hint = f"ids are given whole; {told}"
        raise LedgerError(f"there is no {kind} {unknown[0]!r}", where=where, hint=hint)
