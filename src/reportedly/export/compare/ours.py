"""Our incidents as happenings in the terms of another code book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from reportedly.export.codebooks import outlets, people
from reportedly.export.coding import Coder, Scene
from reportedly.export.compare.records import Happening, Where
from reportedly.export.ged import party_name
from reportedly.export.records import Row
from reportedly.ontology import Ontology


def our_events(rows: Iterable[Row], ontology: Ontology, book: str, left: Counter[str]) -> Iterator[Happening]:
    """Those of `rows` that the code book might hold; `left` counts the others by the reason.

    Where the mapping leaves open which code fits, because nobody says who did it or who was hit, the incident is kept
    without codes: people who code have more to go by.
    """
    coder = Coder(ontology, book)
    codable = {kind for row in coder.book.rows if row.codes is not None for kind in row.kinds}
    for row in rows:
        facts, scene = row.facts, coder.scene(row)
        if facts.kind not in codable:
            left[f"kind {facts.kind}: {coder.code(scene).unsaid}"] += 1
        elif book == "ucdp" and not scene.killed("killed"):
            left["nobody is told as killed"] += 1
        elif facts.first is None:
            left["nobody says on which day"] += 1
        else:
            days = facts.first, facts.last or facts.first
            yield _happening(row, scene, days, codes=coder.code(scene).codes or (), book=book)


def _happening(
    row: Row, scene: Scene, days: tuple[date, date], *, codes: tuple[str, ...], book: str
) -> Happening:  # fmt: skip
    place, killed = row.facts.place, row.facts.toll("killed")
    return Happening(
        id=row.incident.id,
        first=days[0],
        last=days[1],
        where=Where(
            tuple(dict.fromkeys(p.name for t in row.told for p in t.places)),
            place.country if place else None,
            place.lat if place else None,
            place.lon if place else None,
            (place.radius_km or 0.0) if place else 0.0,
        ),
        codes=codes,
        sides=_sides(scene, book),
        low=killed.low if killed else None,
        best=killed.best if killed else None,
        high=killed.high if killed else None,
        sources=outlets(row),
    )


def _sides(scene: Scene, book: str) -> tuple[str, ...]:
    """The names of those on either side as the code book writes them: the unarmed are `Civilians` to both."""
    found = [p for side in scene.sides() for p in people(side)]
    if book == "ucdp":
        # UCDP names armed sides, and civilians only where violence is one-sided.
        names = [party_name(p) for p in found if not p.unarmed or p.is_one_of(("government",))]
        return tuple(dict.fromkeys([*names, *(["Civilians"] if scene.holds("unarmed_target") else [])]))
    civilians = (p.class_ is not None and p.class_.code("acled") == "Civilians" for p in found)
    return tuple(dict.fromkeys("Civilians" if c else p.name for p, c in zip(found, civilians, strict=True)))
