"""A web site of our own on this machine, for tests: pages by path, and what was asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ARTICLE = "Residents of Er Rahad said on Tuesday that two shells had fallen near the bridge and killed a trader. "


@dataclass
class Reply:
    """What the site answers. `drip` writes the body a byte at a time, with so many seconds between."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0


@dataclass
class Site:
    """`pages` may be changed while the site runs; `asked` has method-less lines of path and headers, in order."""

    url: str
    pages: dict[str, Reply | Callable[[dict[str, str]], Reply]]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        """The paths that were asked for, robots.txt left out."""
        return [path for path, _ in self.asked if path != "/robots.txt"]


@contextmanager
def running_site(**pages: Reply) -> Iterator[Site]:
    """A site on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append((self.path, headers))
            found = site.pages.get(self.path, Reply(status=404))
            reply = found if isinstance(found, Reply) else found(headers)
            self.send_response(reply.status)
            for name, value in {"Content-Type": "text/html", **reply.headers}.items():
                self.send_header(name, value)
            if not reply.drip:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            for at in range(0, len(reply.body), 1 if reply.drip else len(reply.body) or 1):
                self.wfile.write(reply.body[at : at + 1] if reply.drip else reply.body)
                if reply.drip:
                    self.wfile.flush()
                    stop.wait(reply.drip)
                    if stop.is_set():
                        return

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    stop = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_port}", {f"/{name}": reply for name, reply in pages.items()})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        stop.set()
        server.shutdown()
        thread.join()
        server.server_close()


def article(number: int, text: str = ARTICLE) -> Reply:
    """A page with an article on it."""
    words = "".join(f"<p>{text} It was shell number {number}, paragraph {n}.</p>" for n in range(4))
    head = f"<title>Shells near the bridge, {number}</title><meta property='og:site_name' content='The Courier'>"
    page = f"<html lang='en'><head>{head}</head><body><article><h1>Shells {number}</h1>{words}</article></body></html>"
    return Reply(page.encode())


def rss(site: str, *numbers: int, full: bool = False) -> Reply:
    """A feed of entries with these numbers; `full` gives the articles in it."""
    body = f"<content:encoded><![CDATA[<p>{ARTICLE * 8}</p>]]></content:encoded>" if full else ""
    items = "".join(
        f"<item><title>Shells {n}</title><link>{site}/story{n}</link><guid>guid-{n}</guid>"
        f"<pubDate>Tue, 05 Mar 2024 1{n % 10}:00:00 GMT</pubDate><description>Two shells fell.</description>"
        f"{body.replace('two shells', f'{n} shells')}</item>"
        for n in numbers
    )
    space = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    text = f"<rss version='2.0' {space}><channel><title>Courier feed</title>{items}</channel></rss>"
    return Reply(text.encode(), headers={"Content-Type": "application/rss+xml"})
