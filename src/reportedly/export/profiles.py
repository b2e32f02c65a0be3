"""Profiles: who a file is for, and what therefore may not stand in it. "Do no harm" in code.

What a profile withholds is absent from the file, never merely marked as hidden. Everything that it does is printed in
the export's notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from reportedly.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Profile:
    """What a file may hold. `coarsen_km` is the size of the smallest area that a place is told as, `None` for exact.

    `names` withholds the names of private persons and witnesses, `words` keeps quotes and titles, `links` keeps whole
    web addresses (else their host). `embargo_days` must have passed since an incident's last day on `as_of`. `reviewed`
    lets only claims in that a person accepted.
    """

    name: str
    names: bool
    words: bool
    links: bool
    coarsen_km: float | None
    embargo_days: int
    reviewed: bool
    as_of: date | None = None

    def notes(self) -> list[str]:
        """What the profile does, in words, a line each."""
        lines = [f"Profile {self.name}."]
        if self.names:
            lines.append(
                "Names of private persons and witnesses are withheld: every proper name of a speaker, an agent or a "
                "target that the authority of actors doesn't know and that doesn't speak in an office for a known "
                "side. They are absent from the files, in other fields and other spellings too; only a name of one "
                "word stays inside the name of a public figure. Ids of reports that came in with them are replaced by "
                "hashes."
            )
        else:
            lines.append("Names of private persons and witnesses are in the files. Don't publish them.")
        if not self.words:
            lines.append("Quotes, titles and the words of mentions are left out; offsets and hashes of texts stay.")
        elif self.names:
            lines.append("In quotes and titles names are withheld wherever two capitalised words follow one another.")
        if not self.links:
            lines.append("Web addresses of reports are cut to their host.")
        if self.coarsen_km is None:
            lines.append("Places are as exact as they were read.")
        else:
            lines.append(
                f"Places are coarsened to {self.coarsen_km:g} km: coordinates are the middle of a grid cell of that "
                "size, and names of smaller places are withheld, except within the names of outlets and known actors."
            )
        if self.embargo_days:
            lines.append(
                f"Embargo: {self.embargo_days} days since the last day of an incident had passed on {self.as_of}."
            )
        else:
            lines.append("No embargo.")
        lines.append(
            "Only claims that a person has reviewed and accepted."
            if self.reviewed
            else "Claims that nobody has reviewed are in the files. Claims that a person rejected are not."
        )
        return lines


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "internal": Profile("internal", False, True, True, None, 0, False),
        "partner": Profile("partner", True, True, True, None, 0, False),
        "public": Profile("public", True, False, False, 25.0, 30, True),
    }
)


def make_profile(
    name: str, *, as_of: date, embargo_days: int | None = None, coarsen_km: float | None = None
) -> Profile:
    """The profile of this name with what the user sets. Raises `SettingsError` for what is no profile, day or size."""
    if name not in PROFILES:
        raise SettingsError(f"no profile {name!r}", where="--profile", hint=f"one of {', '.join(PROFILES)}")
    if embargo_days is not None and not 0 <= embargo_days <= 36_500:
        raise SettingsError(f"{embargo_days} days", where="--embargo-days", hint="0 for none")
    if coarsen_km is not None and not 1 <= coarsen_km <= 1000:
        raise SettingsError(f"{coarsen_km:g} km", where="--coarsen-km", hint="1 to 1000")
    profile = PROFILES[name]
    return replace(
        profile,
        as_of=as_of,
        embargo_days=profile.embargo_days if embargo_days is None else embargo_days,
        coarsen_km=coarsen_km or profile.coarsen_km,
    )
