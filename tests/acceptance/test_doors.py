"""Bad input at every door: one clear sentence, the right exit code, nothing lost, no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.cli import NWL, ROOT, Tocsin

POLICE = NWL / "sample" / "police"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["pull", "polcie"], 2, "no source called 'polcie'"),
        (["pull", "police", "--from", "nowhere.zip"], 2, "there is nothing at nowhere.zip"),
        (["pull", "police", "--month", "2022-13"], 2, "no such month"),
        (["--as-of", "yesterday", "status"], 2, "YYYY-MM-DD"),
        (["frobnicate"], 2, "No such command"),
        (["rules", "explain", "burglery"], 2, "no rule 'burglery'"),
        (["status"], 5, "no database"),
        (["ask", "hotspots coalville"], 5, "tocsin pull police"),
        (["evaluate"], 5, "no database"),
    ],
)
def test_one_clear_sentence(
    tocsin: Tocsin, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    result = tocsin(*arguments, database=f"sqlite:///{tmp_path / 'none.db'}")
    assert result.code == code
    assert said in result.err
    assert "Traceback" not in result.err
    assert len(result.err.strip().splitlines()) <= 5


def test_an_unknown_database_url(tocsin: Tocsin) -> None:
    result = tocsin("status", database="mysql://somewhere/else")
    assert result.code == 2
    assert "postgresql+psycopg" in result.err


def test_a_database_that_does_not_answer(tocsin: Tocsin) -> None:
    result = tocsin("status", database="postgresql+psycopg://tocsin:hunter2@127.0.0.1:9/none")
    assert result.code == 5
    assert "hunter2" not in result.err


def test_a_folder_that_cannot_be_written(tocsin: Tocsin) -> None:
    result = tocsin("pull", "police", "--from", POLICE, database="sqlite:////proc/tocsin.db")
    assert result.code == 5
    assert "writ" in result.err
    assert "Traceback" not in result.err


def test_a_partnership_folder_that_is_none(tocsin: Tocsin, tmp_path: Path) -> None:
    result = tocsin("status", partnership=tmp_path)
    assert result.code == 2
    assert "partnership.toml" in result.err
    assert "tocsin init" in result.err


def test_a_typo_in_the_partnership_file_names_the_key(tocsin: Tocsin, tmp_path: Path) -> None:
    text = (NWL / "partnership.toml").read_text(encoding="utf-8")
    (tmp_path / "partnership.toml").write_text(text.replace("lag_months", "lag_moths", 1), encoding="utf-8")
    result = tocsin("status", partnership=tmp_path)
    assert result.code == 2
    assert "lag_moths" in result.err


def test_a_second_writer_is_refused_and_loses_nothing(tocsin: Tocsin, tmp_path: Path) -> None:
    path = tmp_path / "tocsin.db"
    url = f"sqlite:///{path}"
    assert tocsin("pull", "police", "--from", POLICE / "2022-06.zip", database=url).code == 0
    with FileLock(f"{path}.lock"):
        refused = tocsin("pull", "police", "--from", POLICE / "2022-07.zip", database=url)
    assert refused.code == 4
    assert "another tocsin is writing" in refused.err
    listed = tocsin("extracts", "list", "--json", database=url).lines
    assert [r["last"] for r in listed] == ["2022-06"]
    assert tocsin("pull", "police", "--from", POLICE / "2022-07.zip", database=url).code == 0


def test_an_old_schema_is_said_and_mended(tocsin: Tocsin, tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "old.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('0000')")
    connection.close()
    result = tocsin("status", database=f"sqlite:///{path}")
    assert result.code == 5
    assert "tocsin db upgrade" in result.err


def test_help_teaches_and_does_not_load_the_heavy_parts() -> None:
    code = (
        "import sys; sys.argv = ['tocsin', '--help']\n"
        "from bot.cli import main\n"
        "try:\n    main()\n"
        "finally:\n"
        "    heavy = {'pandas', 'matplotlib', 'slack_bolt', 'sqlalchemy', 'numpy', 'rich'}\n"
        "    heavy &= set(sys.modules)\n"
        "    print('HEAVY', sorted(heavy))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60, cwd=ROOT
    )
    assert "HEAVY []" in done.stdout
    assert "tocsin demo" in done.stdout
    assert "Exit codes" in done.stdout


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m bot --help | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        check=False, capture_output=True, text=True, timeout=60, cwd=ROOT,
    )  # fmt: skip
    assert done.stderr == ""
