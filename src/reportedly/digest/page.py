"""A digest as one HTML file: no script, nothing loaded from anywhere, pictures inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from reportedly.digest.pictures import draw
from reportedly.digest.summary import Digest, Item, Line

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:760px;margin:2em auto;padding:0 1em;color:#1c242c;background:#fff}
h1{font-size:1.5em;margin-bottom:.2em}h2{font-size:1.15em;margin-top:1.8em;border-bottom:1px solid #c9d0d8}
h3{font-size:1em;margin:1.2em 0 .2em}ul{margin:.2em 0;padding-left:1.3em}svg{max-width:100%;height:auto}
.dim{color:#5a6672;font-size:.92em}.fresh::marker{color:#b3261e}.mark{background:#f6e7c8;padding:0 .3em}
blockquote{margin:.1em 0 .3em;padding-left:.8em;border-left:3px solid #c9d0d8;color:#3b4652}
@media print{body{margin:0;max-width:none}h3{break-after:avoid}}
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

SAID = "Everything here is what somebody says; who says it stands beside it."

LINES = 8
"""Tellers shown an incident; the others are counted."""


def write_page(digest: Digest) -> str:
    """The whole file."""
    title = _clean(digest.title)
    pictures = [picture for _, picture in draw(digest)]
    parts = [
        f"<h1>{title}</h1>",
        f'<p class="dim">{_clean(digest.counts)}. {SAID}</p>',
        *(f"<figure style='margin:1em 0'>{picture}</figure>" for picture in pictures),
        *_incidents("New incidents", [item for item in digest.items if item.new]),
        *_changes("Disputes opened", ((item, item.opened) for item in digest.items)),
        *_changes("Disputes closed", ((item, item.closed) for item in digest.items)),
        *_changes("Tolls revised", ((item, item.revised) for item in digest.items)),
        *_incidents("Told of again", [item for item in digest.items if not item.new]),
        "<h2>How this was made</h2>",
        _list(digest.notes),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
        f"<style>{_STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _incidents(heading: str, items: Sequence[Item]) -> Iterable[str]:
    if not items:
        return
    yield f"<h2>{heading}</h2>"
    for item in items:
        mark = ' <span class="mark">in dispute</span>' if item.disputed else ""
        yield f'<h3 id="i{item.number}">{item.number}. {_clean(item.head)}{mark}</h3>'
        more = len(item.lines) - LINES
        rest = f"<li>and {more} more</li>" if more > 0 else ""
        yield "<ul>" + "".join(map(_line, item.lines[:LINES])) + rest + "</ul>"


def _line(line: Line) -> str:
    kind = f" ({_clean(line.kind)})" if line.kind else ""
    day = f', <span class="dim">{_clean(line.published)}</span>' if line.published else ""
    link = f' <a href="{_clean(line.url)}" rel="noreferrer noopener">source</a>' if _is_web(line.url) else ""
    quote = f"<blockquote>{_clean(line.quote)}</blockquote>" if line.quote else ""
    fresh = ' class="fresh"' if line.fresh else ""
    return f"<li{fresh}><b>{_clean(line.teller)}</b>{kind} {_clean(line.says)}{day}{link}{quote}</li>"


def _changes(heading: str, changed: Iterable[tuple[Item, Sequence[str]]]) -> Iterable[str]:
    lines = [
        f'<li><a href="#i{item.number}">{item.number}</a>. {_clean(item.head)}<br>{_clean(words)}</li>'
        for item, all_words in changed
        for words in all_words
    ]
    if lines:
        yield f"<h2>{heading}</h2>"
        yield f"<ul>{''.join(lines)}</ul>"


def _list(lines: Iterable[str]) -> str:
    return f'<ul class="dim">{"".join(f"<li>{_clean(line)}</li>" for line in lines)}</ul>'


def _is_web(url: str | None) -> bool:
    """Whether an address may be linked: a report's could be `javascript:`."""
    return bool(url) and str(url).lower().startswith(("http://", "https://"))


def _clean(words: str | None) -> str:
    """Words from outside: markup escaped, control characters and lone surrogates replaced, line ends as blanks."""
    text = " ".join((words or "").split())
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return escape(text.encode("utf-8", "replace").decode())
