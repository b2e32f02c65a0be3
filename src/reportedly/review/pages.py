"""Pages: the templates, what every one of them knows, and the navigation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reportedly import __version__
from reportedly.digest.wording import count_words, day_words, days_words, listed, third_person, toll_words
from reportedly.review.people import Person, csrf_token, current
from reportedly.review.settings import ReviewSettings

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the navigation: where it leads, what it is called, and the least role that sees it."""

    href: str
    label: str
    role: str = "reader"


NAVIGATION = (
    Place("/", "Overview"),
    Place("/queue", "Queue", "reviewer"),
    Place("/speakers", "Speakers"),
    Place("/publish", "Publish", "editor"),
    Place("/intake", "Read in", "editor"),
    Place("/people", "People", "admin"),
    Place("/audit", "Log", "admin"),
)


class Pages:
    """Makes pages from the templates in `templates/`. Whatever comes from a report or a person is escaped."""

    def __init__(self, settings: ReviewSettings) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {"title_of_ledger": settings.title, "version": __version__}
        self._environment.filters |= {
            "day": day_words,
            "spoken": spoken,
            "listed": listed,
            "third_person": third_person,
            "toll": toll_words,
        }
        self._environment.globals |= {"days": days_words, "count": count_words, "many": many}

    def render(self, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page, as the person who asks sees it."""
        return HTMLResponse(self.text(request, template, **values), status_code=status)

    def text(self, request: Request, template: str, **values: Any) -> str:
        """The page's text, for fragments and tests."""
        person = current(request)
        return self._environment.get_template(template).render(
            path=request.url.path,
            person=person,
            navigation=_navigation(person, request.url.path),
            csrf=csrf_token(request),
            **values,
        )


def spoken(label: str | None) -> str:
    """A label of the ontology as words: "air strike"."""
    return (label or "").replace("_", " ")


def many(number: int, noun: str, plural: str | None = None) -> str:
    """ "1 report", "2,000 reports" """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _navigation(person: Person, path: str) -> list[tuple[Place, bool]]:
    """The places that the person may go to, each with whether it is where they are."""
    return [
        (place, path == place.href or (place.href != "/" and path.startswith(place.href + "/")))
        for place in NAVIGATION
        if person.may(place.role)
    ]
