"""An invented ledger: one air strike told in four reports, a protest, a plan, and a statement that tells nothing.

Amina Yusuf, Karim Yusuf and Doctor Salim Taha are private persons; Colonel Idris Bakr speaks for an army.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from reportedly.claims import make_claims
from reportedly.coded import from_coded
from reportedly.export.cases import review_of, say, tell
from reportedly.export.records import Case, Finding, Said, Told
from reportedly.text import split_sentences
from reportedly.types import Claim, Entry, Incident, Reading, Report

PRIVATE = ("Amina Yusuf", "Karim Yusuf", "Salim Taha")
ADDED = datetime(2024, 3, 20, tzinfo=UTC)

RAHAD = {"text": "Rahad", "name": "Rahad", "country": "SDN", "lat": 12.72, "lon": 30.65, "precision": "exact",
         "radius_km": 5.0}  # fmt: skip
PROVINCE = {"text": "North Kordofan", "name": "North Kordofan", "country": "SDN", "lat": 13.8, "lon": 29.6,
            "precision": "province", "radius_km": 90.0}  # fmt: skip


def statement(key: str, source: str, cue: str, content: str, speaker: str, kind: str, **more: Any) -> dict[str, Any]:
    given = {"id": key, "source": source, "cue": cue, "content": [content], "speaker": speaker, "speaker_kind": kind,
             "side": None, "told_to": None, "stance": "say", "said_on": None}  # fmt: skip
    return given | more


def event(key: str, trigger: str, kind: str, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"id": key, "trigger": trigger, "kind": kind, "status": "asserted", "agents": [],
                             "targets": [], "places": [], "times": [], "start": "2024-03-05", "end": "2024-03-05",
                             "weapons": [], "toll": [], "statement": None, "same_as": None}  # fmt: skip
    return given | more


def toll(words: str, low: int, high: int | None, who: str | None = "people", effect: str = "killed") -> dict[str, Any]:
    return {"effect": effect, "text": words, "low": low, "high": high, "who": who}


WIRE: dict[str, Any] = {
    "id": "amina-yusuf-tells", "outlet": "Lake Wire", "published": "2024-03-06", "lang": "en",
    "title": "Tea seller Amina Yusuf: ‘It came twice’", "url": "https://lakewire.example/2024/amina-yusuf-tells",
    "text": "Amina Yusuf, a tea seller, told Lake Wire that an air strike hit the market of Rahad in North Kordofan, "
            "killing 21 people, relatives of Karim Yusuf among them. Doctor Salim Taha said “we lost Yusuf’s boy”. "
            "The army denied that it bombed the town.",
    "statements": [
        statement("s1", "Amina Yusuf, a tea seller", "told", "an air strike hit the market of Rahad in North Kordofan, "
                  "killing 21 people, relatives of Karim Yusuf among them", "Amina Yusuf", "witness",
                  told_to="Lake Wire"),
        statement("s2", "Doctor Salim Taha", "said", "“we lost Yusuf’s boy”", "Salim Taha", "medical"),
        statement("s3", "The army", "denied", "it bombed the town", "Idris Bakr", "military", stance="deny",
                  side="Lake Army"),
    ],
    "events": [
        event("e1", "air strike", "air_strike", statement="s1", places=[RAHAD, PROVINCE],
              targets=[{"text": "relatives of Karim Yusuf", "name": "relatives of Karim Yusuf"}],
              agents=[{"text": "an air strike", "name": "unidentified aircraft"}], weapons=["air strike"],
              toll=[toll("21 people", 21, 21, "relatives of Karim Yusuf and others")]),
        event("e2", "bombed", "air_strike", status="denied", statement="s3", places=[RAHAD],
              agents=[{"text": "it", "name": "Lake Army"}]),
    ],
}  # fmt: skip
RADIO: dict[str, Any] = {
    "id": "report-00000000000000000002", "outlet": "Hill Radio", "published": "2024-03-07", "lang": "en",
    "title": "Dead of Rahad buried", "url": "https://hill.example/2",
    "text": "The town committee said an air strike on Rahad killed at least 19 people. The army said it will hold "
            "talks.",
    "statements": [
        statement("s1", "The town committee", "said@@1", "an air strike on Rahad killed at least 19 people",
                  "unnamed town committee", "civil_society"),
        statement("s2", "The army", "said@@2", "it will hold talks", "Idris Bakr", "military", side="Lake Army"),
    ],
    "events": [
        event("e1", "air strike", "air_strike", statement="s1", places=[RAHAD],
              agents=[{"text": "an air strike", "name": "Lake Army"}], toll=[toll("at least 19 people", 19, None)]),
        event("e2", "talks", "talks", status="planned", statement="s2", start=None, end=None,
              agents=[{"text": "The army", "name": "Lake Army"}]),
    ],
}  # fmt: skip
COPY: dict[str, Any] = RADIO | {
    "id": "report-00000000000000000003", "outlet": "Valley Post", "url": None, "title": None,
}  # fmt: skip
PAPER: dict[str, Any] = {
    "id": "report-00000000000000000004", "outlet": "Coast Paper", "published": "2024-03-09", "lang": "en",
    "title": None, "url": None,
    "text": "An air strike killed between 15 and 30 people in Rahad. =SUM(1) was painted on a wall, and a crowd "
            "protested in the capital. Observers think otherwise.",
    "statements": [statement("s1", "Observers", "think", "otherwise", "unnamed observers", "expert", stance="think")],
    "events": [
        event("e1", "air strike", "air_strike", places=[RAHAD], toll=[toll("between 15 and 30 people", 15, 30)]),
        event("e2", "protested", "protest", agents=[{"text": "a crowd", "name": "=SUM(1) crowd"}],
              start="2024-03-08", end="2024-03-08"),
    ],
}  # fmt: skip

INCIDENTS = {
    "incident-1": (("amina-yusuf-tells", "e1"), ("amina-yusuf-tells", "e2"), (RADIO["id"], "e1"), (COPY["id"], "e1"),
                   (PAPER["id"], "e1")),
    "incident-2": ((RADIO["id"], "e2"), (COPY["id"], "e2")),
    "incident-3": ((PAPER["id"], "e2"),),
}  # fmt: skip
ORIGINS = {COPY["id"]: RADIO["id"]}


def read() -> list[tuple[Report, Reading, tuple[Claim, ...]]]:
    """The four reports with readings and claims, in order of id."""
    found = []
    for coded in sorted((WIRE, RADIO, COPY, PAPER), key=lambda c: str(c["id"])):
        report, reading = from_coded(coded, where="village")
        found.append((report, reading, make_claims(report, reading)))
    return found


class Village:
    """The ledger as `Holdings`. `decided` are judgements of claims and incidents, `findings` those of agreement."""

    title = "village"

    def __init__(
        self,
        decided: Mapping[str, tuple[str, datetime]] | None = None,
        findings: Mapping[str, tuple[Finding, ...]] | None = None,
    ) -> None:
        self.decided = dict(decided or {})
        self.findings = dict(findings or {})
        self._entries = {r.id: Entry(r, ADDED, reading) for r, reading, _ in read()}
        self.claims = {(c.report, c.event): c for _, _, claims in read() for c in claims}

    def entries(self) -> list[Entry]:
        return list(self._entries.values())

    def incidents(self) -> list[Incident]:
        return [
            Incident(key, tuple(self.claims[str(report), event].id for report, event in members))
            for key, members in INCIDENTS.items()
        ]

    def cases(self) -> Iterator[Case]:
        by_id = {c.id: c for c in self.claims.values()}
        for incident in self.incidents():
            told = []
            for claim in (by_id[c] for c in incident.claims):
                entry = self._entries[claim.report]
                told.append(
                    tell(
                        claim,
                        entry,
                        origin=str(ORIGINS.get(claim.report, claim.report)),
                        sentences=split_sentences(entry.report.text),
                        review=review_of(claim.id, incident.id, entry.added, self.decided),
                    )
                )
            yield Case(incident, tuple(told), self.findings.get(incident.id, ()))

    def judge(self, incident: Incident, told: tuple[Told, ...]) -> tuple[Finding, ...]:
        """Agreement over the claims that are left: their number stands for the origins."""
        return (Finding("happened", "corroborated", len(told), "those that are left say so"),)

    def statements(self) -> Iterator[Said]:
        incident_of = {c: i.id for i in self.incidents() for c in i.claims}
        for entry in self.entries():
            claims = [c for c in self.claims.values() if c.report == entry.report.id]
            reviewed = {c.id: review_of(c.id, incident_of[c.id], entry.added, self.decided) for c in claims}
            for said in entry.reading.statements if entry.reading else ():
                yield say(said, entry, claims, reviewed)

    def removed(self) -> int:
        return 0

    def loose(self) -> Mapping[str, int]:
        return {"of no one incident": 2}


AS_OF = date(2024, 6, 1)
