"""The rule book on disk: the shipped rules, and what a partnership adds, changes or mutes."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from jobs.errors import UsageError
from jobs.folder.lexicon import Lexicon
from jobs.folder.partnership import Partnership
from rules.book import RuleError, parse_rule, with_parameters
from rules.spec import Rule

SHIPPED = Path(__file__).resolve().parents[2] / "rules" / "library"
_MEND = "mend the key named, then `tocsin rules check`"


def load_rules(folder: Path = SHIPPED) -> tuple[Rule, ...]:
    """Every `*.toml` of a folder, by id; UsageError names the file, the key and what was expected."""
    return tuple(load_rule(path) for path in sorted(folder.glob("*.toml")))


def load_rule(path: Path) -> Rule:
    """One rule file."""
    try:
        return parse_rule(path.read_text(encoding="utf-8"), path)
    except RuleError as error:
        raise UsageError(str(error), _MEND) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "restore the file") from error


def partnership_rules(partnership: Partnership, lexicon: Lexicon) -> tuple[Rule, ...]:
    """The shipped rules with the partnership's own (`rules/*.toml` in its folder), overrides and mutes.

    A file of the partnership with the id of a shipped rule stands in its place.
    """
    rules = {r.id: r for r in load_rules()}
    own = partnership.folder / "rules"
    rules |= {r.id: r for r in load_rules(own)} if own.is_dir() else {}
    where = partnership.folder / "partnership.toml"
    for named in (*partnership.rules.mute, *partnership.rules.override):
        if named not in rules:
            raise UsageError(f"{where}: rules: there is no rule {named!r}", f"there are: {', '.join(rules)}")
    for named, changes in partnership.rules.override.items():
        try:
            rules[named] = with_parameters(rules[named], changes, where)
        except RuleError as error:
            raise UsageError(str(error), _MEND) from error
    for rule in rules.values():
        for wrong in unknown_series(rule, lexicon):
            raise UsageError(f"rule {rule.id}: {wrong}", _MEND)
    return tuple(r for i, r in sorted(rules.items()) if i not in partnership.rules.mute)


def unknown_series(rule: Rule, lexicon: Lexicon) -> Iterator[str]:
    """One sentence for each series of the scope that the lexicon does not know."""
    for series in (*rule.scope.series, *rule.scope.except_series):
        if series != "leaves" and series not in lexicon:
            near = get_close_matches(series, list(lexicon.by_id), n=3, cutoff=0.4)
            yield f"scope: there is no series {series!r}; near it: {', '.join(near) or 'nothing'}"
