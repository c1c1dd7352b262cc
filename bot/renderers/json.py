"""Answers for machines: everything said, as values. Never from a template."""

from __future__ import annotations

from bot.message import Answer


def answer_json(answer: Answer) -> dict[str, object]:
    """One flat object: text, table, pictures as alt text, and every claim with what it was computed from."""
    return {
        "title": answer.title,
        "state": answer.state,
        "lines": list(answer.lines),
        "table": _table(answer),
        "pictures": [{"name": p.name, "title": p.title, "alt": p.alt} for p in answer.pictures],
        "claims": [claim.as_json() for claim in answer.claims],
        "suggestions": list(answer.suggestions),
        "footer": list(answer.footer),
        "sources": list(answer.sources),
        "classification": answer.classification.value,
        "data": answer.data,
    }


def _table(answer: Answer) -> dict[str, object] | None:
    if answer.table is None:
        return None
    return {
        "caption": answer.table.caption,
        "columns": [title for title, _ in answer.table.columns],
        "rows": [list(row) for row in answer.table.rows],
    }
