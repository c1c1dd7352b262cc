"""What Slack takes, and what is wrong with blocks that it would refuse.

slack_sdk drops what it does not know without a word, and Slack refuses the whole message for one bad block:
so every payload is checked here before it is sent. Sources: docs.slack.dev, reference/block-kit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.renderers.sheet import width

BLOCKS = 50
HEADER = 150
SECTION = 3_000
FIELDS, FIELD = 10, 2_000
CONTEXT = 10
BUTTONS, BUTTON, ACTION_ID, VALUE = 25, 75, 255, 2_000
BLOCK_ID = 255
ALT = 2_000
ADDRESS = 3_000
TOTAL = 13_200  # of all texts together: measured, not documented (msg_blocks_too_long)

Json = Mapping[str, object]
_TEXTS = ("text", "alt_text")


def validate(blocks: Sequence[Json]) -> list[str]:
    """What Slack would refuse, as sentences; empty when it would take them."""
    found = []
    if not 1 <= len(blocks) <= BLOCKS:
        found.append(f"there are {len(blocks)} blocks; 1 to {BLOCKS} are allowed")
    objects = _objects(blocks)
    if (length := _length(objects)) > TOTAL:
        found.append(f"the texts have {length} characters in all; {TOTAL} are allowed")
    for i, block in enumerate(blocks):
        found += [f"block {i}: {what}" for what in _block(block)]
    for name in ("block_id", "action_id"):
        ids = [str(item[name]) for item in objects if name in item]
        found += [f"{name} {twice!r} is used twice" for twice in sorted({x for x in ids if ids.count(x) > 1})]
    return found


def total(blocks: Sequence[Json]) -> int:
    """Characters of all texts together."""
    return _length(_objects(blocks))


def _length(objects: Sequence[Json]) -> int:
    texts = (item.get(name) for item in objects for name in _TEXTS)
    return sum(width(text) for text in texts if isinstance(text, str))


def _block(block: Json) -> Iterator[str]:
    check = _CHECKS.get(str(block.get("type")))
    if check is None:
        yield f"the type {block.get('type')!r} is not known here"
        return
    kind, allowed, known = str(block["type"]), check[0], check[1]
    for key in sorted(block.keys() - allowed - {"type", "block_id"}):
        yield f"a {kind} has no {key!r}"
    if "block_id" in block:
        yield from _string(block["block_id"], BLOCK_ID, "block_id")
    yield from known(block)


def _header(block: Json) -> Iterator[str]:
    yield from _text(block.get("text"), HEADER, ("plain_text",))


def _section(block: Json) -> Iterator[str]:
    fields = block.get("fields")
    if "text" not in block and fields is None:
        yield "a section needs a text or fields"
    if "text" in block:
        yield from _text(block["text"], SECTION, ("plain_text", "mrkdwn"))
    if fields is not None:
        yield from _list(fields, FIELDS, "fields", lambda f: _text(f, FIELD, ("plain_text", "mrkdwn")))


def _context(block: Json) -> Iterator[str]:
    yield from _list(
        block.get("elements"), CONTEXT, "elements", lambda e: _text(e, SECTION, ("plain_text", "mrkdwn"))
    )


def _image(block: Json) -> Iterator[str]:
    yield from _string(block.get("alt_text"), ALT, "alt_text")
    file, address = block.get("slack_file"), block.get("image_url")
    if (file is None) == (address is None):
        yield "an image needs either slack_file or image_url"
    if file is not None and not (isinstance(file, Mapping) and len(file.keys() & {"id", "url"}) == 1):
        yield "slack_file needs an id or a url"
    if address is not None:
        yield from _string(address, ADDRESS, "image_url")
        if not str(address).startswith("https://"):
            yield "image_url is not an https address"


def _actions(block: Json) -> Iterator[str]:
    yield from _list(block.get("elements"), BUTTONS, "elements", _button)


def _button(button: object) -> Iterator[str]:
    if not isinstance(button, Mapping) or button.get("type") != "button":
        yield "among the actions is something that is not a button"
        return
    for key in sorted(button.keys() - {"type", "text", "action_id", "value", "style"}):
        yield f"a button has no {key!r}"
    yield from _text(button.get("text"), BUTTON, ("plain_text",))
    yield from _string(button.get("action_id"), ACTION_ID, "action_id")
    yield from _string(button.get("value"), VALUE, "value")
    if button.get("style", "primary") not in ("primary", "danger"):
        yield "a button's style is primary or danger"


def _divider(_block: Json) -> Iterator[str]:
    return iter(())


_CHECKS: dict[str, tuple[set[str], Callable[[Json], Iterator[str]]]] = {
    "header": ({"text"}, _header),
    "section": ({"text", "fields", "expand"}, _section),
    "context": ({"elements"}, _context),
    "image": ({"alt_text", "slack_file", "image_url", "title"}, _image),
    "actions": ({"elements"}, _actions),
    "divider": (set(), _divider),
}


def _text(value: object, most: int, kinds: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(value, Mapping) or value.get("type") not in kinds:
        yield f"a text must be an object of type {' or '.join(kinds)}"
        return
    extra = "emoji" if value["type"] == "plain_text" else "verbatim"
    for key in sorted(value.keys() - {"type", "text", extra}):
        yield f"a {value['type']} text has no {key!r}"
    yield from _string(value.get("text"), most, "text")


def _string(value: object, most: int, name: str) -> Iterator[str]:
    if not isinstance(value, str) or not value:
        yield f"{name} is missing"
    elif width(value) > most:
        yield f"{name} has {width(value)} characters; {most} are allowed"


def _list(value: object, most: int, name: str, check: Callable[[object], Iterator[str]]) -> Iterator[str]:
    if not isinstance(value, Sequence) or not 1 <= len(value) <= most:
        yield f"{name} must be a list of 1 to {most}"
        return
    for item in value:
        yield from check(item)


def _objects(value: object) -> list[Json]:
    """Every object inside."""
    found: list[Json] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            found.append(item)
            waiting.extend(v for v in item.values() if not isinstance(v, str))
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)
    return found
