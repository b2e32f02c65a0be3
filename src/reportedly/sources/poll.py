"""What is new in a feed: asked for with the version that is known, and each entry brought in once.

`Known` is what is remembered between two polls; it is kept in a small JSON file, so that a program that was stopped
goes on where it was. An entry counts as brought in when it became a report or can't become one; one whose page could
not be had just now is tried again.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from reportedly.errors import SourceError
from reportedly.ids import report_id
from reportedly.sources.base import HEAD, Input, Limits, Options, failed, sha256
from reportedly.sources.feed import FeedEntry, read_entries
from reportedly.sources.fetch import Fetcher, Page
from reportedly.sources.html import HtmlSource
from reportedly.sources.make import make_report
from reportedly.sources.net import Address, FetchError, read_address
from reportedly.sources.opml import Feed
from reportedly.types import Failure, Report

TRIES = 3
"""Times that a page is asked for before it is given up."""

MOST = 100
"""New entries of one feed that one poll brings in; the others wait for the next."""

_REMEMBERED = timedelta(days=30)
_FIRST_WAIT = timedelta(minutes=10)
_LONGEST_WAIT = timedelta(days=1)
_PAGES = ("text/html", "application/xhtml+xml", "")
_VERSION = 1


@dataclass(slots=True)
class Known:
    """What is known of one feed: its version, when it may be asked again after a failure, and its entries.

    `seen` holds, for each entry that was brought in, the last day on which the feed listed it; `tries` how often the
    page of one that was not was asked for.
    """

    etag: str | None = None
    modified: str | None = None
    failures: int = 0
    not_before: str | None = None
    seen: dict[str, str] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)

    def rests(self, now: datetime) -> bool:
        """Whether the feed is to be left alone at `now`."""
        return self.not_before is not None and now < datetime.fromisoformat(self.not_before)


def load_known(path: Path) -> dict[str, Known]:
    """What was remembered of each feed, by address. Raises `SourceError` where the file is damaged."""
    hint = "delete it: every feed is then read from the start, and the ledger passes over what it has"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != _VERSION:
            raise SourceError("was written by a newer reportedly", where=str(path), hint="upgrade reportedly")
        return {url: Known(**known) for url, known in data["feeds"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise SourceError("can't be read", where=str(path), hint=hint) from error


def save_known(path: Path, feeds: dict[str, Known]) -> None:
    """Keep it; a program that is stopped meanwhile leaves the old file or the new one. Raises `SourceError`."""
    data = {"version": _VERSION, "feeds": {url: asdict(known) for url, known in sorted(feeds.items())}}
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        hint = "allow writing there, or give another place with --state"
        raise SourceError(f"can't be written: {error.strerror}", where=str(path), hint=hint) from error


def poll(feed: Feed, known: Known, fetcher: Fetcher, *, now: datetime) -> Iterator[Report | Failure]:
    """The reports that are new in `feed`, and a failure for what can't be had. Notes in `known` what came of it."""
    try:
        # Pages that are still owed are in a version that is known already: then the feed is asked for whole.
        owed = bool(known.tries)
        page = fetcher.get(feed.url, etag=None if owed else known.etag, modified=None if owed else known.modified)
        entries = read_entries(page.body, where=feed.url) if page else ()
    except SourceError as error:
        _rest(known, error, now)
        yield failed(error)
        return
    known.failures, known.not_before = 0, None
    if page is None:
        return
    new = [entry for entry in entries if entry.key not in known.seen]
    yield from _Round(feed, page, known, fetcher, today=now.date()).bring(new[:MOST])
    # With entries left over, the same version must be asked for again.
    known.etag, known.modified = (page.etag, page.modified) if len(new) <= MOST else (None, None)
    _forget(known, entries, now.date())


class _Round:
    """One poll of one feed that had something new."""

    def __init__(self, feed: Feed, page: Page, known: Known, fetcher: Fetcher, *, today: date) -> None:
        self._feed, self._page, self._known, self._fetcher = feed, page, known, fetcher
        self._today = today.isoformat()
        self._received = sha256(page.body)
        self._silent: set[str] = set()

    def bring(self, entries: Sequence[FeedEntry]) -> Iterator[Report | Failure]:
        """The reports of these entries. Those of a server that just failed to answer are left for the next poll."""
        known = self._known
        for entry in entries:
            try:
                address = read_address(entry.known.url, base=self._feed.url) if entry.known.url else None
                if entry.full is None and address is not None and address.origin in self._silent:
                    known.tries.setdefault(entry.key, 0)
                    continue
                yield self._report(entry, address)
            except SourceError as error:
                if isinstance(error, FetchError) and not error.lasting and address is not None:
                    self._silent.add(address.origin)
                    known.tries[entry.key] = known.tries.get(entry.key, 0) + 1
                    if known.tries[entry.key] < TRIES:
                        continue
                yield failed(error)
            known.tries.pop(entry.key, None)
            known.seen[entry.key] = self._today

    def _report(self, entry: FeedEntry, address: Address | None) -> Report:
        where = address.url if address else f"{self._feed.url}#{entry.key}"
        if entry.full is not None:
            url = address.url if address else None
            known = replace(entry.known, url=url)
            return make_report(entry.full, known, where=where, received=self._received, limits=Limits())
        if address is None:
            hint = "the feed gives headlines only"
            raise SourceError("the entry has neither a text nor a page", where=where, hint=hint)
        page = self._fetcher.get(address.url)
        if page is None or page.kind not in _PAGES:
            kind = page.kind if page else "nothing"
            raise SourceError(f"is no web page, but {kind}", where=where, hint="save it and read the file")
        return _of_page(page, entry)


def _of_page(page: Page, entry: FeedEntry) -> Report:
    """The report on an entry's own page; what the page doesn't say of itself, the feed may."""
    file = Input(page.url, ".html", page.body[:HEAD], io.BytesIO(page.body))
    for report in HtmlSource().read(file, Options()):
        if isinstance(report, Failure):
            raise SourceError(report.cause, where=report.where, hint=report.hint)
        outlet = report.outlet or entry.known.outlet
        return replace(
            report,
            id=report_id(report.text, outlet=outlet),
            outlet=outlet,
            published=report.published or entry.known.published,
            title=report.title or entry.known.title,
            url=page.url,
        )
    raise SourceError("no article is found in the page", where=page.url, hint="read it by hand")


def _rest(known: Known, error: SourceError, now: datetime) -> None:
    """Let a feed that failed alone for a while: longer each time, and at least as long as its server asks."""
    lasting = isinstance(error, FetchError) and error.lasting
    asked = timedelta(seconds=error.wait_s or 0) if isinstance(error, FetchError) else timedelta()
    wait = _LONGEST_WAIT if lasting else min(_FIRST_WAIT * 2 ** min(known.failures, 10), _LONGEST_WAIT)
    known.failures += 1
    known.not_before = (now + max(wait, asked)).isoformat(timespec="seconds")


def _forget(known: Known, entries: Iterable[FeedEntry], today: date) -> None:
    """Forget entries that the feed has not listed for long, so that the memory doesn't grow for ever."""
    listed = {entry.key for entry in entries}
    oldest = (today - _REMEMBERED).isoformat()
    days = {key: today.isoformat() if key in listed else day for key, day in known.seen.items()}
    known.seen = {key: day for key, day in days.items() if day >= oldest}
    known.tries = {key: count for key, count in known.tries.items() if key in listed}
