"""Starting the app."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from contextlib import closing
from threading import Timer

import uvicorn

from reportedly.errors import SettingsError
from reportedly.review.app import create_app
from reportedly.review.settings import ReviewSettings

_TOGETHER = 400
"""Connections at the same time; whoever comes after is told to come back."""


def serve(settings: ReviewSettings, *, open_browser: bool, say: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Raises `LedgerError` where the ledger can't be opened, `SettingsError` where the address can't be had.
    """
    app = create_app(settings)
    address = f"http://{f'[{settings.host}]' if ':' in settings.host else settings.host}:{settings.port}/"
    with closing(_listen(settings)) as listening:
        say(f"{settings.title} is at {settings.public_url or address} until you press Ctrl-C")
        if settings.public_url is not None and not settings.public_url.startswith("https://"):
            say("Without https whoever is on the way can read along and take over sessions: put it behind TLS.")
        if open_browser:
            opening = Timer(0.5, webbrowser.open, [address])
            opening.daemon = True
            opening.start()
        config = uvicorn.Config(
            app,
            log_level="warning",
            server_header=False,
            access_log=False,
            # What a proxy says of whom it passes on is believed where one is expected, and by uvicorn only of this
            # machine or of FORWARDED_ALLOW_IPS.
            proxy_headers=settings.public_url is not None,
            limit_concurrency=_TOGETHER,
        )
        uvicorn.Server(config).run(sockets=[listening])


def _listen(settings: ReviewSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        where = f"{settings.host}:{settings.port}"
        raise SettingsError(f"can't listen: {error.strerror}", where=where, hint="give another --port") from error
    listening.listen(128)
    return listening
