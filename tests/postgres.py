"""A PostgreSQL server of one's own, for tests and benchmarks: `python -m tests.postgres [--install] [COMMAND …]`.

Starts the machine's PostgreSQL in a temporary folder, on loopback, on a free port and behind a password; runs the
command with the URL of an empty database in REPORTEDLY_TEST_POSTGRES; stops the server and removes the folder. Without
a command it says whether there is a server to start. PostgreSQL refuses to run as root, so for root it runs as another
user. With --install, where it is missing and we may, Debian's or Ubuntu's package is installed first.
"""

from __future__ import annotations

import argparse
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VARIABLE = "REPORTEDLY_TEST_POSTGRES"
"""The environment variable with the URL of a database that the tests may empty."""

MISSING = "PostgreSQL's server isn't installed (make test-postgres installs it on Debian and Ubuntu)"

_QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
"""Settings for tests: nothing that outlives a power cut, and a commit that needn't wait for the disk."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--install", action="store_true", help="install the server with apt where it is missing")
    parser.add_argument("--durable", action="store_true", help="write to the disk as a real server does")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if options.install and binaries() is None:
        install()
    if binaries() is None:
        print(MISSING, file=sys.stderr)
        return 1
    if not options.command:
        print(f"PostgreSQL is in {binaries()}", file=sys.stderr)
        return 0
    with server(durable=options.durable) as url:
        return subprocess.run(options.command, env={**os.environ, VARIABLE: url}).returncode


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`, the newest version first; None where there are none."""

    def number(folder: Path) -> int:
        return int(folder.parent.name) if folder.parent.name.isdigit() else 0

    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=number, reverse=True)
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    return next((f for f in folders if all((f / name).exists() for name in ("initdb", "postgres", "pg_ctl"))), None)


def install() -> None:
    """Installs Debian's or Ubuntu's package where we are root or may be; says what is wrong and goes on otherwise."""
    apt, sudo = shutil.which("apt-get"), shutil.which("sudo")
    root = os.geteuid() == 0
    if apt is None or not (root or sudo):
        print("PostgreSQL can't be installed here: it takes apt-get, and root or sudo", file=sys.stderr)
        return
    before = [] if root else [str(sudo), "--non-interactive"]
    # Debian's package would start a server of its own, but not in the runlevel for repairs.
    before += ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"]
    for arguments in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "postgresql"]):
        done = subprocess.run([*before, apt, *arguments], stdout=subprocess.DEVNULL)
        if done.returncode and arguments[0] == "install":
            print("apt-get could not install postgresql", file=sys.stderr)


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """The URL of an empty database on a new server, which ends with the block. Raises `RuntimeError` where it can't.

    Its texts sort as English does where the server can do that, so that a test sees where the order of bytes is meant.
    """
    found = binaries()
    if found is None:
        raise RuntimeError(MISSING)
    port, password = _free_port(), secrets.token_hex(12)
    with tempfile.TemporaryDirectory(prefix="reportedly-postgres-") as name:
        folder = Path(name)
        (folder / "password").write_text(password)
        who = _owner(folder)
        _run([found / "initdb", *_cluster(folder), *_locale(found)], folder, who)
        options = ["listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={folder}"]
        options += ["max_connections=300", *(() if durable else _QUICK)]
        words = " ".join(f"-c {option}" for option in options)
        ctl: list[str | Path] = [found / "pg_ctl", "-D", folder / "data", "-w", "-t", "60"]
        _run([*ctl, "-l", folder / "log", "-o", words, "start"], folder, who)
        try:
            yield f"postgresql+psycopg://reportedly:{password}@127.0.0.1:{port}/postgres"
        finally:
            _run([*ctl, "-m", "immediate", "stop"], folder, who)


def _cluster(folder: Path) -> list[str]:
    who = ["--username=reportedly", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
    return ["-D", str(folder / "data"), "--no-sync", "--encoding=UTF8", *who]


def _locale(found: Path) -> list[str]:
    said = subprocess.run([found / "initdb", "--help"], capture_output=True, text=True, check=True).stdout
    return ["--locale=C.UTF-8", *(["--locale-provider=icu", "--icu-locale=en"] if "--icu-locale" in said else [])]


def _owner(folder: Path) -> dict[str, Any]:
    """As whom the server runs: as ourselves, or, as root, as somebody else, to whom `folder` is given."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    somebody = names.get("postgres") or names["nobody"]
    for path in (folder, *folder.iterdir()):
        os.chown(path, somebody.pw_uid, somebody.pw_gid)
    return {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}


def _run(command: Sequence[str | Path], folder: Path, who: dict[str, Any]) -> None:
    # Output goes to a file: the server keeps what it inherits open, and a pipe would never end.
    with (folder / "said").open("a+") as said:
        done = subprocess.run(command, cwd=folder, stdout=said, stderr=said, stdin=subprocess.DEVNULL, **who)
        if done.returncode:
            said.seek(0)
            log = folder / "log"
            more = log.read_text(errors="replace") if log.exists() else ""
            raise RuntimeError(f"{Path(command[0]).name} failed: {said.read()[-1000:]}{more[-1000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    # Whoever stops us stops the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
