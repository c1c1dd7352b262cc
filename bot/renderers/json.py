"""Answers for machines: everything said, as values. Never from a template."""

from __future__ import annotations

from bot.message import Answer, Table


def answer_json(answer: Answer) -> dict[str, object]:
    """One flat object: text, table, pictures as alt text, and every claim with what it was computed from."""
    return {
        "title": answer.title,
        "state": answer.state,
        "lines": list(answer.lines),
        "table": _table(answer.table),
        "sections": [
            {"title": s.title, "lines": list(s.lines), "table": _table(s.table)} for s in answer.sections
        ],
        "pictures": [{"name": p.name, "title": p.title, "alt": p.alt} for p in answer.pictures],
        "claims": [claim.as_json() for claim in answer.claims],
        "suggestions": list(answer.suggestions),
        "footer": list(answer.footer),
        "sources": list(answer.sources),
        "classification": answer.classification.value,
        "data": answer.data,
    }


def _table(table: Table | None) -> dict[str, object] | None:
    if table is None:
        return None
    return {
        "caption": table.caption,
        "columns": [title for title, _ in table.columns],
        "rows": [list(row) for row in table.rows],
    }
