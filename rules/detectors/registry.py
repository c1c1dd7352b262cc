"""The detectors by the name that a rule file gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rules.detectors import event_window, spike
from rules.detectors.choose import Hit
from rules.judgement import Judgement
from rules.spec import Knobs, Rule


@dataclass(frozen=True, slots=True)
class Detector:
    """What a detector may be told, and the function that looks."""

    knobs: type[Knobs]
    detect: Callable[[Rule, Judgement], Iterator[Hit]]


DETECTORS: dict[str, Detector] = {
    "spike": Detector(spike.SpikeKnobs, spike.detect),
    "event_window": Detector(event_window.EventKnobs, event_window.detect),
}
