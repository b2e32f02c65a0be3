"""Which pages of a web archive are English news articles: what can be told cheaply, before the text is taken out.

An archive of the web holds front pages, lists, shops and forums beside articles. Taking the text out of a page costs
some twenty milliseconds, so what is surely no article is told from its markup first.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from reportedly.language import UNDETERMINED, detect

SHORTEST = 250
"""Characters that an article has at least; shorter ones are captions and teasers."""

PARAGRAPHS, LONG = 2, 80
"""An article has at least so many paragraphs of so many characters."""

_HEAD = 65_536
_LANG = re.compile(r"<html[^>]{0,400}?\slang\s*=\s*[\"']?([A-Za-z]{2,3})\b", re.I)
_PARAGRAPH = re.compile(r"</?(?:p|br|div|li|td|h[1-6]|article|section|header|footer|nav)\b[^<>]{0,400}>", re.I)
_SCRIPT = re.compile(r"<(?:script|style|noscript|svg|template)\b|</(?:script|style|noscript|svg|template)\s*>", re.I)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_LINKED = re.compile(r"<a\b[^<>]{0,1000}>([^<>]{1,300})", re.I)
_MARKED = re.compile(
    r"property\s*=\s*[\"']?og:type[\"']?\s+content\s*=\s*[\"']?article\b"
    r"|content\s*=\s*[\"']?article[\"']?\s+property\s*=\s*[\"']?og:type\b"
    r"|article:published_time|itemprop\s*=\s*[\"']?(?:datePublished|articleBody)\b"
    r"|[\"']@type[\"']\s*:\s*\[?\s*[\"'](?:\w*NewsArticle|Article|ReportageNewsArticle|BlogPosting)[\"']"
    r"|name\s*=\s*[\"']?(?:pubdate|publishdate|article\.published|parsely-pub-date|dc\.date(?:\.issued)?)\b",
    re.I,
)
_ARTICLE = re.compile(r"<article\b", re.I)
_DATED = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2]|[a-z]{3})[/-]?", re.I)
_SLUG = re.compile(r"/[^/]*[a-z]+(?:-[a-z0-9]+){3,}[^/]*/?$|/(?:article|story|news)[s]?[/-][^/]*\d{4,}", re.I)
_LISTS = re.compile(r"/(?:tag|tags|category|categories|topic|topics|author|authors|search|archive|page)(?:/|$)", re.I)


def no_article(page: str, url: str | None) -> str | None:
    """Why this page is surely no English news article, or `None`: then its text is worth taking out.

    `page` is HTML, `url` where it was fetched from. Linear in the length of the page, whatever is in it.
    """
    lang = _LANG.search(page[:4096])
    if lang and lang[1].lower() != "en":
        return "not in English"
    where = urlsplit(url).path if url else ""
    if url and where.strip("/") == "":
        return "a front page"
    if _LISTS.search(where):
        return "a list of articles"
    head = page[:_HEAD]
    if not (_MARKED.search(head) or _ARTICLE.search(page) or _DATED.search(where) or _SLUG.search(where)):
        return "not marked as an article"
    long = [words for words in _paragraphs(page) if len(words) >= LONG]
    if len(long) < PARAGRAPHS:
        return "too little text for an article"
    if detect(" ".join(long)[:4000]) not in ("en", UNDETERMINED):
        return "not in English"
    return None


def _paragraphs(page: str) -> list[str]:
    """The text between tags that part paragraphs, links left out, scripts and styles too."""
    found = []
    for block in _PARAGRAPH.split(_without_scripts(page)):
        words = " ".join(_TAG.sub(" ", _LINKED.sub(" ", block)).split())
        if words:
            found.append(words)
    return found


def _without_scripts(page: str) -> str:
    """`page` without what stands between the tags of scripts and the like."""
    kept, start, depth = [], 0, 0
    for tag in _SCRIPT.finditer(page):
        closing = tag[0].startswith("</")
        if not closing and depth == 0:
            kept.append(page[start : tag.start()])
        depth = 0 if closing else 1
        if closing:
            start = tag.end()
    return "".join([*kept, page[start:]]) if depth == 0 else "".join(kept)
