"""Bodies of requests: how large and how slow they may be, and the form's sign of being ours that stands in them."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

FIELD = "csrf"
"""The form field. In a form with files it comes first, so that nothing is taken in before it is known to be ours."""

_FIRST_PART = 8 * 1024
_FIELDS = 5_000
_BOUNDARY = re.compile(r"multipart/form-data;.*?\bboundary=(?:\"([^\"]{1,70})\"|([^\s;,\"]{1,70}))", re.I)
_NAME = re.compile(rb"(?i)^content-disposition:\s*form-data;[^\r\n]*?\bname=\"?([\w-]+)\"?", re.M)


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """`bytes` in all; `seconds` for all of it, and `silence` for any one wait."""

    bytes: int = 2**20
    seconds: float = 30.0
    silence: float = 10.0


def limited(receive: Receive, headers: Mapping[str, str], limits: BodyLimits) -> Receive:
    """`receive`, within limits: it raises `HTTPException` 413 where more comes, 408 where it takes too long."""
    ends = time.monotonic() + limits.seconds
    length, over = 0, False
    stated = headers.get("content-length", "0")
    too_large = HTTPException(413, f"more than {limits.bytes / 2**20:.3g} MiB were sent")

    async def get() -> Message:
        nonlocal length, over
        if over:
            return await receive()  # what comes now is that the browser leaves, and that may take its time
        if stated.isascii() and stated.isdigit() and int(stated[:20]) > limits.bytes:
            raise too_large
        try:
            message = await asyncio.wait_for(receive(), min(limits.silence, max(0.0, ends - time.monotonic())))
        except TimeoutError as error:
            raise HTTPException(408, "the request came too slowly", {"Connection": "close"}) from error
        if message["type"] == "http.request":
            length += len(message.get("body", b""))
            over = not message.get("more_body", False)
            if length > limits.bytes:
                raise too_large
        return message

    return get


async def find_sign(receive: Receive, headers: Mapping[str, str]) -> tuple[str, Receive]:
    """The sign in the form that is being sent, "" where there is none, and a `receive` that gives the body anew.

    Of a form with files only the first part is taken in.
    """
    kind = headers.get("content-type", "")
    boundary = _BOUNDARY.match(kind)
    plain = kind.split(";")[0].strip().lower() == "application/x-www-form-urlencoded"
    if not plain and boundary is None:
        return "", receive
    mark = b"--" + (boundary[1] or boundary[2]).encode("latin-1", "replace") if boundary else b""
    taken: list[Message] = []
    body = bytearray()
    more = True
    while more and not (mark and (len(body) > _FIRST_PART or body.find(b"\r\n" + mark, len(mark)) >= 0)):
        message = await receive()
        taken.append(message)
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
    sign = _first_part(bytes(body), mark) if mark else _field(bytes(body))
    waiting = iter(taken)

    async def again() -> Message:
        return next(waiting, None) or await receive()

    return sign, again


def _field(body: bytes) -> str:
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        return ""
    return next((value for name, value in pairs if name == FIELD), "")


def _first_part(body: bytes, mark: bytes) -> str:
    """The value of the first part, if that is the sign."""
    if not body.startswith(mark + b"\r\n"):
        return ""
    head, gap, rest = body[len(mark) + 2 :].partition(b"\r\n\r\n")
    value, end, _ = rest.partition(b"\r\n" + mark)
    name = _NAME.search(head)
    if not gap or not end or name is None or name[1] != FIELD.encode():
        return ""
    return value.decode("latin-1")
