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


def serve(settings: ReviewSettings, *, open_browser: bool, say: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Raises `LedgerError` where the ledger can't be opened, `SettingsError` where the address can't be had.
    """
    app = create_app(settings)
    address = f"http://{f'[{settings.host}]' if ':' in settings.host else settings.host}:{settings.port}/"
    with closing(_listen(settings)) as listening:
        say(f"{settings.title} is at {address} until you press Ctrl-C")
        if open_browser:
            opening = Timer(0.5, webbrowser.open, [address])
            opening.daemon = True
            opening.start()
        config = uvicorn.Config(app, log_level="warning", server_header=False, access_log=False)
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
