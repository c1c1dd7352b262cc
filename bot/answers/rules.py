"""`rules [ID]`: the rule book, with how useful people found what each rule told them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot.grammar.query import Query
from bot.message import Align, Answer, Table
from bot.words import plural, sentence, share
from jobs.store.people import verdicts_by_rule
from rules.claims import Claimant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobs.house import House
    from rules.spec import Rule

_HOW = "The share is of the people who called an alert useful or noise; known counts in neither."
_HEAD: tuple[tuple[str, Align], ...] = (
    ("Rule", "left"), ("What it looks for", "left"), ("Found useful", "left"), ("Version", "right"),
)  # fmt: skip
_LEAVES = "every series without parts"
_VERDICTS = ("useful", "known", "noise")
_NONE: Mapping[str, int] = {}


def answer(house: House, query: Query) -> Answer:
    """The list, or one rule."""
    with house.store.read() as connection:
        verdicts = verdicts_by_rule(connection)
    wanted = query.word.strip().lower()
    if not wanted:
        return _all(house.rules, verdicts)
    rule = next((r for r in house.rules if r.id == wanted), None)
    if rule is not None:
        return _one(house, rule, verdicts.get(rule.id, _NONE))
    near = get_close_matches(wanted, [r.id for r in house.rules], n=3, cutoff=0.3)
    return Answer(
        "No such rule", ("There is no rule of that name.",), state="unknown",
        suggestions=(*(f"rules {id_}" for id_ in near), "rules"),
    )  # fmt: skip


def _all(rules: tuple[Rule, ...], verdicts: Mapping[str, Mapping[str, int]]) -> Answer:
    told = Claimant("feedback")
    rows = tuple(
        (r.id, r.title, _precision(told, r.id, verdicts.get(r.id, _NONE)), str(r.version)) for r in rules
    )
    for rule in rules:
        told.rank(f"{rule.id}: version", rule.version)
    count = told.count("rules", len(rules))
    return Answer(
        "Rules", (f"{plural(int(count.value), 'rule')} in force.", _HOW),
        table=Table("the rules in force", _HEAD, rows), claims=tuple(told.made),
        suggestions=(f"rules {rules[0].id}",) if rules else ("help",), state="ok" if rules else "empty",
        data={"rules": {r.id: dict(verdicts.get(r.id, _NONE)) for r in rules}},
    )  # fmt: skip


def _one(house: House, rule: Rule, verdicts: Mapping[str, int]) -> Answer:
    told = Claimant("feedback")
    named = (house.lexicon[s].title if s in house.lexicon else _LEAVES for s in rule.scope.series)
    known = told.count(f"{rule.id}: known", verdicts.get("known", 0))
    told.rank(f"{rule.id}: version", rule.version)
    return Answer(
        f"Rule {rule.id}",
        (
            f"{rule.title}. {sentence(rule.why)}",
            f"It looks at {', '.join(named)}, in every {', '.join(rule.scope.levels)}, "
            f"for a {rule.direction}. "
            f"Version {rule.version}, kept by {rule.owner}.",
            f"Found useful: {_precision(told, rule.id, verdicts)}; {known:,.0f} said that it was known.",
            _HOW,
        ),
        claims=tuple(told.made),
        suggestions=("rules", "alerts all"),
        data={
            "rule": rule.id,
            "version": rule.version,
            **{v: verdicts.get(v, 0) for v in ("useful", "known", "noise")},
        },
    )


def _precision(told: Claimant, rule: str, verdicts: Mapping[str, int]) -> str:
    """`3 of 4`, with a percentage on a base that bears one."""
    useful, noise = verdicts.get("useful", 0), verdicts.get("noise", 0)
    if not useful + noise:
        return "nobody has said"
    told.share(f"{rule}: precision", useful, useful + noise, "people who said useful or noise")
    percent = share(useful, useful + noise)
    return f"{useful:,} of {useful + noise:,}{f' ({percent})' if percent else ''}"
