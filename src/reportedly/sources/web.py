"""One page of the web, as a report: fetched as `fetch` does, with its manners and its limits."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

from reportedly.errors import SourceError
from reportedly.sources.base import HEAD, Input, Options, failed
from reportedly.sources.fetch import Fetcher
from reportedly.sources.html import HtmlSource
from reportedly.sources.text import TextSource
from reportedly.types import Failure, Report, Skipped

_PAGES = ("text/html", "application/xhtml+xml", "")
_TEXTS = ("text/plain", "text/markdown")


def read_page(url: str, fetcher: Fetcher) -> Iterator[Report | Failure | Skipped]:
    """The report on the page at `url`, or a failure that says why there is none."""
    try:
        page = fetcher.get(url)
        kind = page.kind if page else "nothing"
        if page is None or kind not in (*_PAGES, *_TEXTS):
            raise SourceError(f"is no web page, but {kind}", where=url, hint="save it, and bring in the file")
        source = TextSource() if kind in _TEXTS else HtmlSource()
        for found in source.read(Input(page.url, "", page.body[:HEAD], io.BytesIO(page.body)), Options()):
            # Where a page was fetched from is known; what it says of its own address may be anything.
            yield replace(found, url=page.url) if isinstance(found, Report) else found
    except SourceError as error:
        yield failed(error)
