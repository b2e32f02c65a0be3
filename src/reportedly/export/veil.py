"""The veil: takes out of cases and statements what a profile doesn't let through."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from reportedly.export.gather import Names, is_wide
from reportedly.export.names import WITHHELD, Withheld, proper_names, words_of
from reportedly.export.profiles import Profile
from reportedly.export.records import Actor, Case, Finding, Place, Said, Told
from reportedly.types import Claim, Entry, Incident, Report, Statement

T = TypeVar("T")

Judge = Callable[[Incident, tuple[Told, ...]], tuple[Finding, ...]]
"""What agreement finds of some claims of an incident, as the ledger has them."""

_OPAQUE = re.compile(r"(?:[a-z]+-)?[0-9a-f]{16,64}|[a-z]{1,2}\d+")
"""Ids that surely hold no name: hashes, and the numbers that the reader gives."""

_KM_A_DEGREE = 111.2


class Veil:
    """A profile at work. Made from every report of the ledger, since a name withheld in one is withheld in all."""

    def __init__(
        self, profile: Profile, entries: Iterable[Entry] = (), *, known: Callable[[str], bool] = lambda name: False
    ) -> None:
        """`known` tells whether an authority knows a name, for readings whose mentions nobody looked up."""
        self.profile = profile
        self._known = known
        self._clear = profile.words and profile.links and not profile.names and profile.coarsen_km is None
        self._public: set[tuple[str, ...]] = set()
        self.names = Withheld()
        self.places = Withheld()
        if profile.names or profile.coarsen_km is not None:
            self._gather(entries)

    def case(self, case: Case, judge: Judge) -> Case | str:
        """The case as it may be shown, or why it may not be."""
        told = [t for t in case.told if t.review != "rejected"]
        if not told:
            return "every claim was rejected on review" if case.told else "its claims aren't in the newest readings"
        if self.profile.reviewed:
            told = [t for t in told if t.review == "accepted"]
        if not told:
            return "nobody has reviewed and accepted it"
        if not self._old_enough(told):
            return f"within the embargo of {self.profile.embargo_days} days, or of no known day"
        kept = {t.claim.id for t in told}
        links = tuple(k for k in case.incident.links if k.left in kept and k.right in kept)
        claims = tuple(c for c in case.incident.claims if c in kept)
        incident = replace(case.incident, claims=claims, links=links)
        # Agreement weighed all claims; where some may not be shown it weighs the others again.
        findings = case.findings if len(told) == len(case.told) else judge(incident, tuple(told))
        if self._clear:
            return Case(incident, tuple(told), findings)
        shown = Case(incident, tuple(self._told(t) for t in told), tuple(self._finding(f) for f in findings))
        return self._cleaned(shown)

    def said(self, said: Said) -> Said | None:
        """The statement as it may be shown; `None` where its claims, or for want of them its report, may not be."""
        if said.review == "rejected" or (self.profile.reviewed and said.review != "accepted"):
            return None
        if not self._past(said.last or said.report.published):
            return None
        if self._clear:
            return said
        shown = replace(said, report=self._report(said.report), statement=self._statement(said.statement))
        return self._cleaned(replace(shown, quote=self._words(said.quote)))

    def _finding(self, finding: Finding) -> Finding:
        """A finding whose voices are as `_speaker` shows them; the words around them are cleaned with the rest."""
        versions = tuple(
            replace(v, holders=tuple(replace(h, who=self._speaker(h.who, "private person") or "") for h in v.holders))
            for v in finding.versions
        )
        return replace(finding, versions=versions)

    # What may be shown of one claim

    def _told(self, told: Told) -> Told:
        places = tuple(self._places(told.places))
        actors, targets = self._actors(told.agents), self._actors(told.targets)
        return replace(
            told,
            claim=self._claim(told.claim, actors, targets, places),
            report=self._report(told.report),
            origin=self._id(told.origin),
            tellers=tuple(self._statement(s) for s in told.tellers),
            agents=actors,
            targets=targets,
            places=places,
            quote=self._words(told.quote),
        )

    def _claim(
        self, claim: Claim, agents: tuple[Actor, ...], targets: tuple[Actor, ...], places: tuple[Place, ...]
    ) -> Claim:
        shown = replace(
            claim,
            report=self._id(claim.report),
            event=self._id(claim.event),
            statement=self._id(claim.statement) if claim.statement else None,
            speaker=self._speaker(claim.speaker, claim.speaker_kind),
            agents=tuple(a.name for a in agents),
            targets=tuple(a.name for a in targets),
        )
        if self.profile.coarsen_km is None:
            return shown
        place = places[0] if places else Place("")
        return replace(
            shown,
            place=place.name or None,
            country=place.country or claim.country,
            lat=place.lat,
            lon=place.lon,
            precision=place.precision,
            radius_km=place.radius_km,
        )

    def _statement(self, statement: Statement) -> Statement:
        return replace(
            statement,
            id=self._id(statement.id),
            inside=self._id(statement.inside) if statement.inside else None,
            speaker=self._speaker(statement.speaker, statement.speaker_kind),
        )

    def _speaker(self, name: str | None, kind: str | None) -> str | None:
        if name is None or not self.profile.names:
            return name
        private = any(self.names.holds(n) for n in proper_names(name, public=self._public))
        return f"name withheld ({kind})" if private or self.names.holds(name) else name

    def _actors(self, actors: tuple[Actor, ...]) -> tuple[Actor, ...]:
        if not self.profile.names:
            return actors
        shown = []
        for actor in actors:
            if actor.id is None and (self.names.clean(actor.name) != actor.name):
                actor = Actor("name withheld", kind=actor.kind, country=actor.country)
            shown.append(replace(actor, words=self._words(actor.words)))
        return tuple(shown)

    def _report(self, report: Report) -> Report:
        if not self.profile.names:
            return report
        url = report.url
        if url and not self.profile.links:
            url = _host(url)
        return replace(report, id=self._id(report.id), title=self._words(report.title), url=url)

    def _words(self, words: str | None) -> str | None:
        """Free words of a report: none, or without anything that may be a private name."""
        if words is None or not self.profile.words:
            return None
        if not self.profile.names:
            return words
        clean = self.names.clean(unicodedata.normalize("NFC", words), parts=True)
        for name in sorted(set(proper_names(clean, public=self._public)), key=len, reverse=True):
            if len(words_of(name)) > 1 and WITHHELD not in name and not self._known(name):
                clean = clean.replace(name, WITHHELD)
        return clean

    def _id(self, name: str) -> str:
        """An id as it is where it can't hold a name, else a hash of it."""
        if not self.profile.names or _OPAQUE.fullmatch(name):
            return name
        return "id-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:24]

    # Places

    def _places(self, places: tuple[Place, ...]) -> Iterable[Place]:
        """Places as coarse as the profile wants them: small ones lose their name, and keep a cell of the grid."""
        size = self.profile.coarsen_km
        if size is None:
            yield from places
            return
        wide = [p for p in places if is_wide(p.precision, p.radius_km, size)]
        small = next((p for p in places if not is_wide(p.precision, p.radius_km, size)), None)
        if small and small.lat is not None and small.lon is not None:
            lat, lon = cell(small.lat, small.lon, size)
            # Half the diagonal of the cell, and what the place itself may be off by.
            radius = round(size * math.sqrt(0.5) + (small.radius_km or 0.0), 1)
            name = wide[0].name if wide else ""
            country = small.country or (wide[0].country if wide else None)
            yield Place(name, None, None, country, lat, lon, "coarsened", radius)
        elif small and not wide:
            yield Place("", country=small.country, precision="coarsened")
        yield from wide

    # Days

    def _old_enough(self, told: list[Told]) -> bool:
        ends = [t.claim.last or t.claim.first or t.report.published for t in told]
        return self._past(max((day for day in ends if day), default=None))

    def _past(self, last: date | None) -> bool:
        days, today = self.profile.embargo_days, self.profile.as_of
        return not days or today is None or (last is not None and last + timedelta(days=days) <= today)

    # Names

    def _gather(self, entries: Iterable[Entry]) -> None:
        """Sorts the names in every report into public and private ones, and places into small and wide ones."""
        found = Names()
        for entry in entries:
            if entry.reading is not None:
                found.add(entry.report, entry.reading, self.profile.coarsen_km)
        self._public = found.public
        if self.profile.names:
            self.names = found.withheld(self._known)
            self._public = found.public | (found.office - self.names.names)
        self.places = Withheld(n for n in found.small if words_of(n) not in found.wide)

    def _cleaned(self, record: T) -> T:
        """`record` with withheld names cut out of every text in it, whichever field it stands in."""
        if not self.names and not self.places:
            return record
        cleaned: T = self._clean(record, places=True)
        return cleaned

    def _clean(self, value: T, *, places: bool) -> T:
        if isinstance(value, str):
            text = self.names.clean(value)
            coarse = self.places.clean(text) if places else text
            # The body of a state may be named after a place that is no secret for it: "Tripoli government".
            return text if coarse != text and self._known(value) else coarse  # type: ignore[return-value]
        if isinstance(value, tuple):
            return tuple(self._clean(v, places=places) for v in value)  # type: ignore[return-value]
        if is_dataclass(value) and not isinstance(value, type):
            known = isinstance(value, Actor) and value.id is not None
            changed = {}
            for field in fields(value):
                old = getattr(value, field.name)
                # Outlets and known actors are often named after a town; that says nothing about where it happened.
                new = self._clean(old, places=places and not known and field.name != "outlet")
                if new is not old and new != old:
                    changed[field.name] = new
            return replace(value, **changed) if changed else value
        return value


def cell(lat: float, lon: float, size_km: float) -> tuple[float, float]:
    """The middle of the grid cell that holds a point: cells are `size_km` high, and about as wide."""
    step = size_km / _KM_A_DEGREE
    middle = min(max((math.floor(lat / step) + 0.5) * step, -90.0), 90.0)
    # All cells of a band are equally wide in degrees, so that the cell alone decides what is shown.
    around = max(math.cos(math.radians(middle)), 0.05)
    wide = step / around
    east = (math.floor(lon / wide) + 0.5) * wide
    return round(middle, 4), round(min(max(east, -180.0), 180.0), 4)


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.hostname}/" if parts.hostname else None
    except ValueError:
        return None
