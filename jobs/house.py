"""One partnership at work: its folder, its database and its clock, opened once and handed around."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jobs.clock import utc_now
from jobs.folder.atlas import load_geography
from jobs.folder.deprivation import Neighbourhood, load_deprivation
from jobs.folder.geography import Geography
from jobs.folder.lexicon import REFERENCE, Lexicon, load_lexicon
from jobs.folder.neighbours import Neighbours
from jobs.folder.partnership import Partnership, load_partnership
from rules.context import Context
from rules.model import Break, Event
from rules.targets import Target

if TYPE_CHECKING:
    from jobs.store.engine import Store
    from rules.spec import Rule


class Interrupted(Exception):
    """The program was asked to end; what is done is done, and the rest is for its next start. No fault."""


@dataclass(frozen=True)
class House:
    """Everything a job needs to know besides its own arguments. Parts are read on first use."""

    folder: Path
    store: Store
    now: Callable[[], dt.datetime] = utc_now  # aware; `--as-of` replaces it for replays and tests
    stopping: Flag = field(default_factory=Flag, kw_only=True, repr=False, compare=False)

    def go_on(self) -> None:
        """To be called where a long job may be left off without harm; Interrupted once it should be."""
        if self.stopping.is_set():
            raise Interrupted("interrupted: the program was asked to stop; it goes on at the next start")

    @cached_property
    def partnership(self) -> Partnership:
        """`partnership.toml`."""
        return load_partnership(self.folder)

    @cached_property
    def geography(self) -> Geography:
        """Areas, names, populations."""
        return load_geography(self.partnership)

    @cached_property
    def deprivation(self) -> dict[str, Neighbourhood]:
        """How deprived and how rural the county's LSOAs are; empty where the county's folder does not say."""
        return load_deprivation(REFERENCE / self.partnership.reference)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The series."""
        return load_lexicon()

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The partnership's calendar."""
        from jobs.folder.calendar import load_events

        return load_events(self.folder / "events.ics", self.geography)

    @cached_property
    def breaks(self) -> tuple[Break, ...]:
        """Registered changes of recording and of life."""
        from jobs.folder.calendar import load_breaks

        return load_breaks(self.folder / "breaks.toml")

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """What the partnership has promised."""
        from jobs.folder.calendar import load_targets

        return load_targets(self.folder / "targets.toml")

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rule book."""
        from jobs.folder.library import partnership_rules  # brings scipy, which no question needs

        return partnership_rules(self.partnership, self.lexicon)

    @cached_property
    def context(self) -> Context:
        """What the rules engine may know beside the counts."""
        place = self.geography
        return Context(
            place.areas,
            self.lexicon.by_id,
            place.district,
            place.county,
            self.events,
            self.breaks,
            self.targets,
            Neighbours(place.boundaries),
            self._people,
        )

    @property
    def _people(self) -> dict[str, float]:
        place = self.geography
        known = {code: place.population(area.units, self.today.year) for code, area in place.areas.items()}
        return {code: found.people for code, found in known.items() if found is not None}

    @cached_property
    def itself(self) -> object:
        """Stands for this house, with its folder as it was read, in the key of what is kept."""
        return object()

    @cached_property
    def law_fingerprint(self) -> str:
        """Changes when a rule, an event or a break does: months judged under another law are judged again."""
        parts = [r.model_dump_json() for r in self.rules]
        parts += [repr(t) for t in self.targets]
        parts += [repr(e) for e in self.events] + [repr(b) for b in self.breaks]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def today(self) -> dt.date:
        """The partnership's calendar day: local time, not UTC, decides when a month has ended."""
        return self.now().astimezone(ZoneInfo(self.partnership.timezone)).date()
