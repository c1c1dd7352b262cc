"""The words: one sandboxed Jinja environment a platform, and one door to the templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot import words
from jobs.errors import TocsinError

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
Values = Mapping[str, object]


class WordingError(TocsinError):
    """A template holds a word that Tocsin never uses."""


class _Checked(FileSystemLoader):
    """Reads templates, and refuses one with a word of words.NEVER_USED: impossible, not only unwanted."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        text, path, fresh = super().get_source(environment, template)
        return checked(text, template), path, fresh


def checked(text: str, name: str) -> str:
    """The text itself; WordingError when it holds a word that is never used."""
    if found := words.never_used(text):
        raise WordingError(f"templates/{name} says {found[0]!r}", "say what was recorded, not why")
    return text


def _finalize(value: object) -> object:
    """What every printed value passes through: data can draw no line break, bidi mark or control code."""
    if value is None:
        raise WordingError("a template printed a value that is not there", "test for it in the template")
    if isinstance(value, Markup):  # of a macro: escaped already; only its layout goes
        return Markup(" ").join(value.split())
    return words.clean(value)


def environment(loader: BaseLoader, *, html: bool) -> Environment:
    """A sandbox in which an unknown name is an error; with `html`, every value is escaped."""
    env = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=html,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # a template does not change while the program runs
    )
    del env.filters["safe"]  # nothing from data is ever declared safe
    env.filters |= {
        "number": words.number,
        "rate": words.rate,
        "month": words.month,
        "short_month": words.short_month,
        "day": words.day,
        "short_day": words.short_day,
        "shorten": words.shorten,
    }
    env.globals |= {
        "usual": words.usual,
        "change": words.change,
        "share": words.share,
        "bullet": words.bullet,
        "period": words.period,
        "days": words.days,
        "plural": words.plural,
        "counted": words.counted,
        "recorded": words.recorded,
    }
    return env


@cache
def plain() -> Environment:
    """For chat and the terminal: text without any markup; each platform escapes it once more."""
    return environment(_Checked(TEMPLATES), html=False)


@cache
def page() -> Environment:
    """For HTML pages."""
    return environment(_Checked(TEMPLATES), html=True)


def parts(template: str, values: Values) -> dict[str, tuple[str, ...]]:
    """Every macro without arguments in a template, as its non-empty lines: title, lines, footer, ...

    A part is a macro and not a marker in the text, so that no value can pretend to start another part.
    """
    module = plain().get_template(template).make_module(dict(values))
    found: dict[str, tuple[str, ...]] = {}
    for name, macro in vars(module).items():
        if getattr(macro, "arguments", None) == () and not name.startswith("_"):
            lines = (" ".join(line.split()) for line in str(macro()).splitlines())
            found[name] = tuple(line for line in lines if line)
    return found


def phrase(name: str, *values: object, template: str = "phrases.j2") -> str:
    """One phrase, by the name of its macro in templates/phrases.j2 or in another template, as one line."""
    return words.clean(getattr(plain().get_template(template).module, name)(*values))


def html(template: str, values: Values) -> str:
    """A whole page."""
    return page().get_template(template).render(dict(values))
