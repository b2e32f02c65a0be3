"""Reading reports in: files, a text, or a page of the web, by a job in the background."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse

from reportedly.errors import SettingsError
from reportedly.review.people import Editor, Person
from reportedly.review.settings import Limits
from reportedly.review.site import Site

_CHUNK = 256 * 1024
_LONGEST_NAME = 100
_UNFIT = re.compile(r"[^\w.,()@+ -]+")
_PASTED = "pasted.jsonl"


def router(site: Site) -> APIRouter:
    """Its routes."""
    routes = APIRouter()
    limits = site.settings.limits

    @routes.get("/intake")
    def intake(request: Request, person: Editor) -> Response:
        return _page(site, request)

    @routes.get("/intake/jobs")
    def jobs(request: Request, person: Editor) -> Response:
        return site.pages.render(request, "jobs.html", jobs=site.jobs.jobs())

    @routes.post("/intake/stop")
    def stop(person: Editor, job: Annotated[str, Form(max_length=100)]) -> Response:
        site.jobs.stop(job)
        return RedirectResponse("/intake", 303)

    @routes.post("/intake/files")
    async def files(request: Request, person: Editor) -> Response:
        async with request.form(max_files=limits.upload_files, max_fields=5) as form:
            sent = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
            if not sent:
                return _page(site, request, status=422, problem="No file was sent.")
            folder = site.jobs.folder()
            names = await run_in_threadpool(_keep, sent, folder, limits.upload_bytes)
        label = names[0] if len(names) == 1 else f"{len(names)} files: {names[0]} …"
        return _start(site, request, person, folder, label=label, files=names)

    @routes.post("/intake/text")
    def text(
        request: Request,
        person: Editor,
        text: Annotated[str, Form()],
        outlet: Annotated[str, Form(max_length=200)] = "",
        published: Annotated[str, Form(max_length=10)] = "",
        title: Annotated[str, Form(max_length=500)] = "",
    ) -> Response:
        given = {"text": text, "outlet": outlet.strip(), "published": published.strip(), "title": title.strip()}
        problem = _problem(given, limits)
        if problem:
            return _page(site, request, status=422, problem=problem, **given)
        folder = site.jobs.folder()
        record = {name: value for name, value in given.items() if value}
        # Browsers send line ends as CR LF; in the text that was pasted they were line feeds.
        record["text"] = text.replace("\r\n", "\n")
        (folder / _PASTED).write_text(json.dumps(record) + "\n", encoding="utf-8")
        label = title.strip() or f"{text.strip()[:60]} …"
        return _start(site, request, person, folder, label=label, files=(_PASTED,))

    @routes.post("/intake/url")
    def url(request: Request, person: Editor, url: Annotated[str, Form(max_length=2000)]) -> Response:
        address = url.strip()
        if not address.lower().startswith(("http://", "https://")) or not address.isprintable():
            problem = "That is no address of a web page: one begins with https:// or http://."
            return _page(site, request, status=422, problem=problem, url=url)
        return _start(site, request, person, site.jobs.folder(), label=address, url=address)

    return routes


def _page(site: Site, request: Request, *, status: int = 200, problem: str = "", **given: str) -> Response:
    jobs = site.jobs
    values = {"jobs": jobs.jobs(), "ready": jobs.ready, "limits": site.settings.limits, "given": given}
    return site.pages.render(request, "intake.html", status=status, problem=problem, **values)


def _start(
    site: Site,
    request: Request,
    person: Person,
    folder: Path,
    *,
    label: str,
    files: tuple[str, ...] = (),
    url: str | None = None,
) -> Response:
    try:
        site.jobs.add(folder, by=person.name, label=label, files=files, url=url)
    except SettingsError as error:
        return _page(site, request, status=503, problem=f"{error.what}: {error.hint}")
    return RedirectResponse("/intake", 303)


def _problem(given: Mapping[str, str], limits: Limits) -> str:
    """What is wrong with a text that was pasted; "" where it can be read."""
    if given["published"] and not _is_day(given["published"]):
        return "The day is none: write it as 2024-03-05."
    if len(given["text"]) > limits.text_characters:
        return f"The text is longer than {limits.text_characters:,} characters."
    return "" if given["text"].strip() else "The text is empty."


def _keep(sent: Sequence[UploadFile], folder: Path, most: int) -> tuple[str, ...]:
    """Writes the files into the folder; their names there. Raises `HTTPException` 413 for more than `most` bytes."""
    names: list[str] = []
    total = 0
    for one in sent:
        name = file_name(one.filename or "", names)
        with (folder / name).open("xb") as file:
            while part := one.file.read(_CHUNK):
                total += len(part)
                if total > most:
                    shutil.rmtree(folder, ignore_errors=True)
                    raise HTTPException(413, f"more than {most / 10**6:g} MB of files were sent")
                file.write(part)
        names.append(name)
    return tuple(names)


def file_name(sent: str, taken: Sequence[str]) -> str:
    """A name like the one sent that stays in its folder, shows nothing odd, and is not among `taken`."""
    clean = _UNFIT.sub("_", re.split(r"[\\/]", sent)[-1]).strip(" .-") or "file"
    stem, dot, ending = clean.rpartition(".")
    if not dot:
        stem, ending = clean, ""
    ending = ending[:16]
    stem = stem[: _LONGEST_NAME - len(ending)] or "file"
    lower = {name.lower() for name in taken}
    for number in range(1, len(taken) + 2):
        name = stem + (f" ({number})" if number > 1 else "") + (f".{ending}" if ending else "")
        if name.lower() not in lower:
            return name
    raise AssertionError("one more name than there are files is free")


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
