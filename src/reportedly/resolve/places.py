"""Which place a mention means. See docs/how-it-decides/places.md for what is weighed and why.

Each mention is taken apart (`place_phrase`), looked up, and its candidates scored with named features; the report is
gone through twice, since what one name means says which country the next one lies in.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from reportedly.resolve.authority import Place, PlaceIndex
from reportedly.resolve.place_offset import (
    POINTS,
    TOWN_BESIDE,
    OffsetReader,
    beside,
    is_stretch,
    kilometres,
    midway,
    moved,
    road_ends,
    stretches,
)
from reportedly.resolve.place_phrase import PlacePhrase, read_phrase
from reportedly.resolve.states import States, countries_named
from reportedly.resolve.words import NameWords
from reportedly.types import Candidate, Link, Span

RIVALS = 4
"""How many of the places that were not chosen a link keeps."""

# What each feature weighs: by hand, then by coordinate search over four corpora (see the doc page).
POPULATION = 1.2
RANK = (0.0, -0.3, -0.6)
KIND = {
    "PCLI": 2.0, "CONT": 1.6, "PPLC": 0.5, "PPLA": 0.3, "ADM1": 0.35, "PPLA2": 0.1, "ADM2": -0.15, "PPLX": -0.2,
    "PPLH": -0.4, "PPLQ": -0.4, "PPLW": -0.4,
}  # fmt: skip
CUE = 0.4
COUNTRY = 2.0
NEIGHBOUR = 0.9
CONTAINER = 1.0
PROXIMITY = 0.7
HAND = 0.8
STRANGER = -0.6
LEAST = 0.35
FOCUS_SHARE = 0.3

AREAS = frozenset("AREA RGN DSRT MTS MT SEA ISL ISLS PEN VAL FRST LK OCN GULF STRT BAY SHOL OILF".split())
ROUTES = frozenset("STM CNL RD".split())
RADIUS = {
    "country": 400.0,
    "province": 90.0,
    "district": 25.0,
    "near": 15.0,
    "exact": 5.0,
    "route": 40.0,
    "wide": 1500.0,
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What the report as a whole says: its countries (shares, sum 1), how much it is about each state's neighbours, and
    the points already found. `ranked` keeps what each phrase was found to mean in it."""

    countries: Mapping[str, float]
    beside: Mapping[str, float]
    points: tuple[tuple[float, float], ...]
    ranked: dict[PlacePhrase, tuple[Candidate | None, tuple[Candidate, ...]]] = field(default_factory=dict)


class PlaceResolver:
    """Looks the place mentions of one report up together. Holds no state of any report."""

    def __init__(self, index: PlaceIndex, states: States, words: NameWords) -> None:
        self._index = index
        self._states = states
        self._words = words
        self._offsets = OffsetReader(words)
        self._find = lru_cache(maxsize=20_000)(index.find)
        self._beside: dict[str, list[str]] = {}
        for iso3, state in states.rows.items():
            for neighbour in state.neighbours:
                self._beside.setdefault(neighbour, []).append(iso3)

    def resolve(
        self, text: str, spans: Sequence[Span], *, states_named: Counter[str] | None = None
    ) -> dict[Span, Link]:
        """A link for each of `spans`, in text order. `states_named` is what `countries_named` gives, if known."""
        phrases = {span: read_phrase(text, span, self._words, self._states) for span in dict.fromkeys(spans)}
        found = {span: self._candidates(phrase) for span, phrase in phrases.items()}
        words = countries_named(text, self._states) if states_named is None else states_named
        setting = self._about(words, ())
        best: dict[Span, Candidate | None] = {}
        for _ in range(2):
            best = {s: self._best(phrases[s], found[s], setting)[0] for s in phrases}
            setting = self._setting(words, best, found)
        return self._links(text, phrases, found, setting)

    def _candidates(self, phrase: PlacePhrase) -> tuple[Place, ...]:
        """The first of the phrase's forms that the gazetteer has decides, and only if it has none the first that it has
        by its consonants; a country's own name is only that country."""
        loose: tuple[Place, ...] = ()
        for form in phrase.forms:
            iso3 = self._states.by_name.get(form.lower())
            if iso3 is None and phrase.demonym:
                iso3 = phrase.demonym
            places = self._find(form)
            if iso3:
                state = self._state(iso3)
                places = ((state,) if state else ()) + tuple(p for p in places if p != state)
            if places and places[0].rank < 2:
                return self._with_units(phrase, places)
            loose = loose or places
        return self._with_units(phrase, loose)

    def _with_units(self, phrase: PlacePhrase, places: tuple[Place, ...]) -> tuple[Place, ...]:
        """`places`, and where the words say "province" and none is one, the provinces called as their seats are."""
        if phrase.cue != "province" or any(p.code == "ADM1" for p in places):
            return places
        seats = [p for p in places if p.code in ("PPLA", "PPLC")]
        units = [
            replace(unit, rank=max(seat.rank, unit.rank), likeness=seat.likeness)
            for seat in seats
            for unit in self._find(seat.name)
            if unit.code == "ADM1" and (unit.country, unit.admin1) == (seat.country, seat.admin1)
        ]
        return places + tuple(dict.fromkeys(units))

    def _setting(
        self, words: Counter[str], best: Mapping[Span, Candidate | None], found: Mapping[Span, tuple[Place, ...]]
    ) -> Setting:
        counts = Counter(words)
        points = []
        for span, candidate in best.items():
            if candidate is None or candidate.country is None:
                continue
            place = next(p for p in found[span] if p.id == candidate.id)
            if place.rank == 2 and candidate.country not in words:
                continue
            counts[candidate.country] += 1
            inside = place.admin1 is not None and place.code not in ("PCLI", "CONT")
            if inside and place.lat is not None and place.lon is not None:
                points.append((place.lat, place.lon))
        return self._about(counts, tuple(dict.fromkeys(points)))

    def _about(self, counts: Counter[str], points: tuple[tuple[float, float], ...]) -> Setting:
        shares = _shares(counts)
        beside: dict[str, float] = {}
        for iso3, share in shares.items():
            for other in self._beside.get(iso3, ()):
                beside[other] = beside.get(other, 0.0) + share
        return Setting(shares, beside, points)

    def _best(
        self, phrase: PlacePhrase, places: Sequence[Place], setting: Setting
    ) -> tuple[Candidate | None, tuple[Candidate, ...]]:
        known = setting.ranked.get(phrase)
        if known is not None:
            return known
        weighed = [(place, self._features(phrase, place, setting)) for place in places]
        weighed.sort(key=lambda one: (-round(sum([value for _, value in one[1]]), 3), one[0].id))
        scored = [place.candidate(_rounded(features)) for place, features in weighed[: 1 + RIVALS]]
        sure = bool(scored) and scored[0].score >= LEAST
        found = (scored[0], tuple(scored[1:])) if sure else (None, tuple(scored[:RIVALS]))
        setting.ranked[phrase] = found
        return found

    def _features(self, phrase: PlacePhrase, place: Place, setting: Setting) -> list[tuple[str, float]]:
        """population: how many live there · name: main, other or loose name · kind: what it is · cue: whether that is
        what the words call it · country: how much of the report is about its country · neighbour: of such a country ·
        stranger: of no country that the report names · container: lies in what is named beside it · proximity: near
        other places of the report · hand: in the hand list."""
        features = [
            ("population", POPULATION * min(math.log10(place.population + 1), 8) / 8),
            ("name", RANK[place.rank] - (1.0 - place.likeness)),
            ("kind", KIND.get(place.code, 0.0)),
            ("cue", CUE * _fits(phrase.cue, place)),
        ]
        if place.country:
            share = setting.countries.get(place.country, 0.0)
            features.append(("country", COUNTRY * math.sqrt(share)))
            if not share and setting.countries:
                features.append(("neighbour", NEIGHBOUR * setting.beside.get(place.country, 0.0)))
                features.append(("stranger", STRANGER * (place.rank + (place.population < 100_000))))
            features.append(("container", CONTAINER * self._contained(phrase, place)))
        if not place.id.startswith("geonames:"):
            features.append(("hand", HAND))
        if setting.points and place.lat is not None and place.lon is not None:
            features.append(("proximity", PROXIMITY * _close(place.lat, place.lon, setting.points)))
        return features

    def _contained(self, phrase: PlacePhrase, place: Place) -> float:
        """1 where a place named as the container holds `place` (its first-level unit, or its country); else 0."""
        for name in phrase.containers:
            country = self._states.country_of(name)
            if country:
                if country == place.country:
                    return 1.0
                continue
            for outer in self._find(name):
                if outer.country == place.country and outer.id != place.id and outer.admin1 == place.admin1:
                    return 1.0
        return 0.0

    def _links(
        self, text: str, phrases: Mapping[Span, PlacePhrase], found: Mapping[Span, tuple[Place, ...]], setting: Setting
    ) -> dict[Span, Link]:
        links: dict[Span, Link] = {}
        last: Link | None = None
        for span, phrase in sorted(phrases.items()):
            best, rivals = self._best(phrase, found[span], setting)
            meant = self._of_a_state(span.of(text), phrase, setting)
            if meant is not None:
                size = "country" if meant.kind == "PCLI" else "exact"
                link = Link(span, meant.name, meant, rivals, size, RADIUS[size])
            elif best is not None:
                link = Link(span, best.name, best, rivals, *_extent(best, phrase))
            else:
                link = replace(self._fallback(text, span, phrase, last, setting), rivals=rivals)
            links[span] = link
            if link.best is not None and link.precision != "country":
                last = link
        return self._moved(text, phrases, links, setting)

    def _of_a_state(self, surface: str, phrase: PlacePhrase, setting: Setting) -> Candidate | None:
        """What "the country" and "the Syrian capital" mean: of the state named, or of the one the report is about."""
        last = surface.lower().split()[-1:]
        if last not in (["country"], ["capital"]) or not (phrase.generic or phrase.demonym):
            return None
        iso3 = phrase.demonym or max(setting.countries, key=lambda c: (setting.countries[c], c), default=None)
        if iso3 is None or (not phrase.demonym and setting.countries[iso3] < FOCUS_SHARE):
            return None
        if last == ["country"]:
            state = self._state(iso3)
        else:
            named = self._find(self._states.rows[iso3].capital or "")
            state = next((p for p in named if p.country == iso3 and p.code == "PPLC"), None)
        return state.candidate((("report's country", round(setting.countries.get(iso3, 0.0), 3)),)) if state else None

    def _moved(
        self, text: str, phrases: Mapping[Span, PlacePhrase], links: dict[Span, Link], setting: Setting
    ) -> dict[Span, Link]:
        """The links with their points put where "10 km north of", "between A and B" and "the river near A" say."""
        found = dict(links)
        for stretch in stretches(text, links):
            for span, end in ((stretch.one, stretch.other), (stretch.other, stretch.one)):
                far = links[end].best
                found[span] = midway(links[span], far, road=stretch.road) if far is not None else links[span]
        for span, link in links.items():
            best, inner = link.best, phrases[span].containers
            if best is None:
                continue
            offset = self._offsets.at(text, span)
            if offset is not None:
                found[span] = moved(link, offset)
            elif link.precision == "route":
                town = self._town(text, span, inner, setting)
                found[span] = beside(link, town) if town is not None else link
            elif inner and link.precision in POINTS and (road := is_stretch(span.of(text))) is not None:
                ends = [p.candidate(()) for p in self._find(inner[0]) if p.lat is not None and p.lon is not None]
                if ends and best.lat is not None and best.lon is not None:
                    found[span] = midway(link, min(ends, key=partial(_apart, best)), road=road)
        return found

    def _town(self, text: str, span: Span, inner: Sequence[str], setting: Setting) -> Candidate | None:
        """The town that a river or a road is said to be near: "[the Euphrates] near A", "[the east bank … in A]"."""
        match = TOWN_BESIDE.match(text, span.end)
        for name in (*((match["name"],) if match else ()), *inner):
            phrase = read_phrase(name, Span(0, len(name)), self._words, self._states)
            best, _ = self._best(phrase, self._candidates(phrase), setting)
            if best is not None and place_class(best.kind or "") in ("city", "quarter") and best.kind not in ROUTES:
                return best
        return None

    def _road(self, span: Span, words: str, setting: Setting) -> Link | None:
        """ "The A-B highway" where no table has it: half way between A and B."""
        ends = road_ends(words)
        if ends is None:
            return None
        found = []
        for name in ends:
            phrase = read_phrase(name, Span(0, len(name)), self._words, self._states)
            best, _ = self._best(phrase, self._candidates(phrase), setting)
            if best is None or place_class(best.kind or "") in ("country", "province"):
                return None
            found.append(best)
        name = f"{ends[0]}–{ends[1]}"
        link = midway(Link(span, name, replace(found[0], name=name)), found[1], road=True)
        return link if link.precision is not None else None

    def _fallback(self, text: str, span: Span, phrase: PlacePhrase, last: Link | None, setting: Setting) -> Link:
        """For what no authority knows: the place named as its container; "the city" is the last place named; for a name
        alone the state that the report is most about, if it is so about one."""
        name = phrase.name or span.of(text)
        behind = self._offsets.behind(text, span) if phrase.name else None
        if behind is not None:
            outer = read_phrase(behind[1], Span(0, len(behind[1])), self._words, self._states)
            outer = replace(outer, cue=outer.cue or "city")
            base, _ = self._best(outer, self._candidates(outer), setting)
            if base is not None:
                at = moved(Link(span, name, base, (), *_extent(base, outer)), behind[0])
                return replace(at, best=replace(at.best or base, name=name))
        road = self._road(span, span.of(text) + text[span.end : span.end + 12], setting)
        if road is not None:
            return road
        for holder in phrase.containers:
            places = self._find(holder)
            if places:
                holding = next((p for p in places if place_class(p.code) == "city"), places[0])
                best = holding.candidate((("container", 1.0),))
                kind = place_class(holding.code)
                size = kind if kind in ("country", "province") else "district"
                return Link(span, name, replace(best, name=name), (), size, RADIUS[size])
        if phrase.generic and last is not None and last.best is not None:
            best = replace(last.best, features=(("mentioned before", 1.0),), score=1.0)
            return Link(span, last.name, best, (), last.precision, last.radius_km)
        focus = max(setting.countries, key=lambda c: (setting.countries[c], c), default=None)
        if focus is not None and setting.countries[focus] >= FOCUS_SHARE:
            state = self._state(focus)
            if state is not None:
                best = state.candidate((("report's country", round(setting.countries[focus], 3)),))
                return Link(span, name, replace(best, name=name), (), "country", RADIUS["country"])
        return Link(span, name)

    def _state(self, iso3: str) -> Place | None:
        row = self._states.rows[iso3]
        return next((p for p in self._find(row.name) if p.id == f"geonames:{row.geonameid}"), None)


def _shares(counts: Counter[str]) -> dict[str, float]:
    total = sum(counts.values())
    return {country: n / total for country, n in counts.items()} if total else {}


def place_class(code: str) -> str:
    """The class of a feature code, as the words of `[place]` name it: country, province, district, city, village …"""
    if code.startswith("PCL") or code == "CONT":
        return "country"
    if code.startswith("ADM"):
        return "province" if code == "ADM1" else "district"
    if code == "PPLX":
        return "quarter"
    if code.startswith("PPL") or code == "STLMT":
        return "city"
    return "area" if code in AREAS or code in ROUTES else "quarter"


def _rounded(features: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    return tuple((name, round(value, 3)) for name, value in features if round(value, 3))


def _close(lat: float, lon: float, points: Sequence[tuple[float, float]]) -> bool:
    """Whether one of `points` lies within 150 km, the very point left aside."""
    # 1.36 degrees of latitude are 151 km; most points are farther off than that.
    near = [other for other in points if -1.36 < lat - other[0] < 1.36]
    return any(0.0 < kilometres(lat, lon, *other) < 150 for other in near)


def _fits(cue: str | None, place: Place) -> float:
    if cue is None or cue == "area":
        return 0.0
    kind = place_class(place.code)
    if cue == kind or (cue == "village" and kind == "city" and place.population < 30_000):
        return 1.0
    if {cue, kind} in ({"province", "district"}, {"quarter", "city"}, {"quarter", "village"}, {"district", "quarter"}):
        return 0.0
    return -0.5


def _extent(best: Candidate, phrase: PlacePhrase) -> tuple[str, float]:
    """Precision and radius: the area's own for countries, provinces and districts, wider where the words say "near"."""
    kind = place_class(best.kind or "")
    if kind in ("country", "province", "district"):
        return kind, RADIUS[kind]
    if best.kind in ROUTES:
        return "route", RADIUS["route"]
    if kind == "area":
        return ("province", RADIUS["province"]) if best.country else ("country", RADIUS["wide"])
    if phrase.near:
        return "near", RADIUS["near"]
    return "exact", RADIUS["exact"]


def _apart(one: Candidate, other: Candidate) -> float:
    """Kilometres between two candidates that have points."""
    return kilometres(one.lat or 0.0, one.lon or 0.0, other.lat or 0.0, other.lon or 0.0)
