"""Cases for the digest's tests: invented incidents, told by whoever a test says."""

from __future__ import annotations

from datetime import date

from reportedly.export.records import Case, Finding, Told
from reportedly.types import Claim, Figure, Incident, Report, Span

SPAN = Span(0, 1)


def told(
    number: int,
    speaker: str | None = "residents",
    *,
    outlet: str = "The Courier",
    published: date | None = date(2024, 3, 6),
    killed: tuple[int, int | None] | None = None,
    status: str = "asserted",
    place: str = "Er Rahad",
    point: tuple[float, float] | None = (12.72, 30.65),
    quote: str | None = "a quote",
) -> Told:
    """Claim `number`: an air strike of 5 March, as `speaker` tells it, or the outlet where that is None."""
    lat, lon = point or (None, None)
    claim = Claim(
        id=f"c{number}", report=f"r{number}", run="run", event="e1", statement="s1" if speaker else None,
        outlet=outlet, speaker=speaker, side=None, speaker_kind="witness" if speaker else None, told_to=None,
        stance="say" if speaker else None, said_on=None, kind="air_strike", status=status, agents=("the army",),
        targets=("a market",), place=place, country="SDN", lat=lat, lon=lon, precision="exact", radius_km=5.0,
        first=date(2024, 3, 5), last=date(2024, 3, 5),
        toll=(Figure("killed", SPAN, *killed, "traders"),) if killed else (), evidence=(SPAN,), score=None,
    )  # fmt: skip
    report = Report(f"r{number}", "", outlet, published, title="A market", url=f"https://courier.example/{number}")
    return Told(claim, report, "0" * 64, f"r{number}", quote=quote)


def case(*tellings: Told, name: str = "i1") -> Case:
    """An incident of these claims, with what `judge` finds."""
    incident = Incident(name, tuple(one.claim.id for one in tellings))
    return Case(incident, tellings, judge(incident, tellings))


def judge(incident: Incident, tellings: tuple[Told, ...]) -> tuple[Finding, ...]:
    """A stand-in for agreement: in dispute while somebody denies what somebody tells, unless a court has spoken."""
    statuses = {one.claim.status for one in tellings}
    spoken = any(one.claim.speaker == "the court" for one in tellings)
    verdict = "disputed" if statuses == {"asserted", "denied"} and not spoken else "single"
    return (Finding("happened", verdict, 1, reason=f"{len(tellings)} claims"),)
