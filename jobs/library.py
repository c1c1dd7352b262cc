"""The rule book on disk: the shipped rules, and the partnership's own beside them."""

from __future__ import annotations

from pathlib import Path

from jobs.errors import UsageError
from rules.book import RuleError, parse_rule
from rules.spec import Rule

SHIPPED = Path(__file__).resolve().parents[1] / "rules" / "library"


def load_rules(folder: Path = SHIPPED) -> tuple[Rule, ...]:
    """Every `*.toml` of a folder, by id; UsageError names the file, the key and what was expected."""
    return tuple(load_rule(path) for path in sorted(folder.glob("*.toml")))


def load_rule(path: Path) -> Rule:
    """One rule file."""
    try:
        return parse_rule(path.read_text(encoding="utf-8"), path)
    except RuleError as error:
        raise UsageError(str(error), "mend the key named, then `tocsin rules check`") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "restore the file") from error
