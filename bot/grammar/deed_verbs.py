"""The commands that do something with alerts, and what goes with them. See verbs.py."""

from __future__ import annotations

from bot.grammar.verb import Order, Verb


def _on(name: str, says: str, words: str = "", aliases: tuple[str, ...] = (), *, yields: bool = True) -> Verb:
    """A verb that does something with one alert; `words` is an example of what it is told."""
    example = f"{name} A-2022-06-03 {words}".strip()
    usage = f"{name} ALERT-ID{' WORDS' if words else ''}"
    order: Order = "words" if words else "alert"
    return Verb(name, usage, says, (example,), aliases=aliases, order=order, yields=yields)


DEEDS: tuple[Verb, ...] = (
    _on("ack", "says that you have seen an alert", aliases=("acknowledge",), yields=False),
    _on("own", "takes an alert on", aliases=("take on",)),
    _on("release", "lets go of an alert that you took on"),
    _on("note", "adds words to an alert", "asked the site for its own log"),
    _on("close", "ends an alert, with the reason", "dealt with at the June meeting"),
    Verb(
        "silence",
        'silence ALERT-ID or [SERIES] [AREA] [rule:ID] PERIOD or until DATE "REASON"',
        "keeps alerts quiet for a time, with the reason",
        ('silence drugs {place} 3m "Op Tiger"', 'silence A-2022-06-03 until 2022-12-31 "known event"'),
        slots=("place", "series", "window"),
        aliases=("mute",),
        order="silence",
    ),
    Verb(
        "unsilence",
        "unsilence ALERT-ID or the silence's number",
        "ends a silence before its time",
        ("unsilence A-2022-06-03", "unsilence 12"),
        aliases=("unmute",),
        order="unsilence",
    ),
    Verb("silences", "silences", "lists what is silenced, by whom, why and until when", ("silences",)),
    _on("useful", "says that an alert was useful"),
    _on("known", "says that an alert told what was known"),
    _on("noise", "says that an alert was not worth telling"),
    Verb(
        "subscribe",
        "subscribe [SERIES] [AREA] [severity>=N] [here]",
        "sends you alerts about an area or a series; with `here`, sends them to the channel",
        ("subscribe burglary {place}", "subscribe {place} severity>=2 here"),
        slots=("place", "series"),
        order="wish",
    ),
    Verb(
        "unsubscribe",
        "unsubscribe [SERIES] [AREA] [here]",
        "takes a subscription back",
        ("unsubscribe burglary {place}",),
        slots=("place", "series"),
        order="wish",
    ),
    Verb(
        "subscriptions", "subscriptions", "lists what you and the channel subscribed to", ("subscriptions",)
    ),
    Verb(
        "quiet",
        "quiet [HH:MM-HH:MM or off] [here]",
        "sets the hours in which new messages wait",
        ("quiet 18:00-08:00", "quiet off"),
        order="quiet",
        yields=True,
    ),
    Verb("audit", "audit", "lists who asked and did what, for analysts", ("audit",), yields=True),
    Verb(
        "rules",
        "rules [RULE-ID]",
        "lists the rules and how useful their alerts were found",
        ("rules", "rules month-spike"),
        aliases=("rule",),
        text=True,
        yields=True,
    ),
)
