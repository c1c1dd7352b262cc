"""`tocsin pull` from an address: where the command line refuses to go, in one sentence, before it goes there.

The far side is a real server on this machine. It is private and speaks http, so nothing may be fetched from
it; the transfer itself, which needs a far side that may be spoken to, is tested in tests/unit/sources.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli import NWL, Tocsin

MONTH = NWL / "sample" / "police" / "2022-06.zip"


class FarSide(ThreadingHTTPServer):
    """Serves one month's archive to everybody who asks, and notes who did."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.connections = 0
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[object, object]:  # type: ignore[override]
        """Count what comes in, also where no HTTP is spoken afterwards."""
        self.connections += 1
        return super().get_request()

    @property
    def at(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: FarSide

    def do_GET(self) -> None:
        """Hand out the archive whatever was asked for."""
        self.server.asked.append(self.path)
        body = MONTH.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name for it
        """The tests look at `asked` instead."""


@pytest.fixture
def far_side() -> Iterator[FarSide]:
    """A server for one test."""
    server = FarSide()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, so that what is left behind can be seen."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def configured(folder: Path, **addresses: str) -> Path:
    """The shipped partnership with other addresses for the police source."""
    made = folder / "partnership"
    made.mkdir()
    for path in NWL.iterdir():
        if path.is_file():
            (made / path.name).write_bytes(path.read_bytes())
    lines = (NWL / "partnership.toml").read_text(encoding="utf-8").splitlines()
    for i, line in enumerate(lines):
        name = line.partition(" = ")[0]
        if name in addresses:
            lines[i] = f'{name} = "{addresses[name]}"'
    (made / "partnership.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


@pytest.mark.parametrize(
    ("origin", "code", "said", "advice"),
    [
        ("http://{at}/2022-06.zip", 2, "http://127.0.0.1 is not fetched: only https is", "https address"),
        ("ftp://{at}/2022-06.zip", 2, "ftp://127.0.0.1 is not fetched: only https is", "https address"),
        ("file:///etc/passwd", 2, "only https is", "https://"),
        ("https://{at}/2022-06.zip", 4, "127.0.0.1, which is not on the public internet", "--from"),
        ("https://localhost:1/2022-06.zip", 4, "which is not on the public internet", "--from"),
        ("https://[::1]:1/2022-06.zip", 4, "::1, which is not on the public internet", "--from"),
        ("https://169.254.169.254/latest/meta-data.csv", 4, "not on the public internet", "--from"),
        ("https://10.0.0.8/2022-06.zip", 4, "10.0.0.8, which is not on the public internet", "--from"),
        ("https://ann:hunter2@{at}/2022-06.zip", 4, "127.0.0.1", "--from"),
        ("https://{at}/2022-06.html", 2, "does not end in .zip, .csv or .xlsx", "--from"),
        ("https://{at}/", 2, "does not end in .zip, .csv or .xlsx", "--from"),
        ("://", 2, "only https is", "https://"),
    ],
)
def test_an_address_that_may_not_be_fetched(
    tocsin: Tocsin, tmp_path: Path, far_side: FarSide, downloads: Path,
    origin: str, code: int, said: str, advice: str,
) -> None:  # fmt: skip
    nothing = f"sqlite:///{tmp_path / 'tocsin.db'}"  # what is refused does not depend on the database
    result = tocsin(
        "pull", "police", "--from", origin.format(at=far_side.at), "--month", "2022-06", database=nothing
    )
    assert (result.code, result.out) == (code, "")
    sentence, *more = result.err.strip().splitlines()
    assert sentence.startswith("tocsin: ")
    assert said in sentence
    assert len(more) == 1
    assert advice in more[0]
    assert "hunter2" not in result.err
    assert "Traceback" not in result.err
    assert (far_side.connections, far_side.asked) == (0, []), "it was refused before anything was sent"
    assert list(downloads.iterdir()) == []
    assert tocsin("extracts", "list", "--json", database=nothing).lines == []


@pytest.mark.parametrize(
    ("addresses", "options", "code", "said"),
    [
        ({"archive_url": "http://{at}/{{month}}.zip"}, ["--month", "2022-06"], 2, "only https is"),
        ({"archive_url": "https://{at}/{{month}}.zip"}, ["--month", "2022-06"], 4, "public internet"),
        ({"dates_url": "http://{at}/dates"}, [], 2, "only https is"),
        ({"dates_url": "https://{at}/dates"}, [], 4, "public internet"),
    ],
)
def test_a_configured_address_is_looked_at_as_hard(
    tocsin: Tocsin, empty: str, far_side: FarSide, tmp_path: Path, downloads: Path,
    addresses: dict[str, str], options: list[str], code: int, said: str,
) -> None:  # fmt: skip
    own = configured(tmp_path, **{k: v.format(at=far_side.at) for k, v in addresses.items()})
    result = tocsin("pull", "police", *options, database=empty, partnership=own)
    assert result.code == code
    assert said in result.err
    assert len(result.err.strip().splitlines()) == 2
    assert (far_side.connections, far_side.asked) == (0, [])
    assert list(downloads.iterdir()) == []


def test_the_scheduled_pull_is_refused_alike_and_the_ledger_says_why(
    tocsin: Tocsin, empty: str, far_side: FarSide, tmp_path: Path
) -> None:
    own = configured(tmp_path, archive_url=f"https://{far_side.at}/{{month}}.zip")
    result = tocsin("run", "pull:police", "--period", "2022-06", database=empty, partnership=own)
    assert result.code == 1
    assert "failed" in result.out
    assert "not on the public internet" in result.out
    assert far_side.connections == 0
    (job,) = tocsin("status", "--json", database=empty, partnership=own).json["jobs"]
    assert (job["job"], job["state"]) == ("pull:police", "failed")
    assert "not on the public internet" in job["detail"]


def test_one_bad_address_among_good_files_loads_nothing(
    tocsin: Tocsin, empty: str, far_side: FarSide, downloads: Path
) -> None:
    """The addresses are looked at before the first file is read: a half-done command is hard to explain."""
    result = tocsin(
        "pull", "police", "--from", MONTH, "--from", f"http://{far_side.at}/2022-06.zip", database=empty
    )
    assert result.code == 2
    assert list(downloads.iterdir()) == []
    assert tocsin("extracts", "list", "--json", database=empty).lines == []


def test_a_source_without_an_address_says_what_to_give(tocsin: Tocsin, empty: str) -> None:
    result = tocsin("pull", "fire", database=empty)
    assert result.code == 2
    assert "--from" in result.err
    assert len(result.err.strip().splitlines()) <= 2


def test_a_colon_in_a_path_is_no_address(tocsin: Tocsin, empty: str, tmp_path: Path) -> None:
    folder = tmp_path / "June: as received"
    folder.mkdir()
    (folder / "2022-06.zip").write_bytes(MONTH.read_bytes())
    assert tocsin("pull", "police", "--from", folder, database=empty).code == 0
