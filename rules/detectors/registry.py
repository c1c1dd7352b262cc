"""The detectors by the name that a rule file gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rules.detectors import (
    area_band,
    area_rise,
    cluster,
    co_rise,
    concentration,
    county_wide,
    direction_change,
    divergence,
    event_window,
    flag_share,
    multi_theme,
    new_entrant,
    peer_gap,
    peer_rank,
    rate_extreme,
    record,
    reporting_drop,
    reporting_ratio,
    run_of_points,
    seasonal_excess,
    share_shift,
    small_counts,
    spike,
    step,
    subset_rise,
    sustained,
    target_met,
    target_pace,
)
from rules.detectors.choose import Hit
from rules.judgement import Judgement
from rules.model import Direction
from rules.spec import Knobs, Rule


@dataclass(frozen=True, slots=True)
class Detector:
    """What a detector may be told, and the function that looks."""

    knobs: type[Knobs]
    detect: Callable[[Rule, Judgement], Iterator[Hit]]
    directions: tuple[Direction, ...] = ("rise", "fall")


DETECTORS: dict[str, Detector] = {
    "area_band": Detector(area_band.BandKnobs, area_band.detect),
    "area_rise": Detector(area_rise.AreaRiseKnobs, area_rise.detect),
    "cluster": Detector(cluster.ClusterKnobs, cluster.detect),
    "co_rise": Detector(co_rise.CoRiseKnobs, co_rise.detect),
    "concentration": Detector(concentration.ConcentrationKnobs, concentration.detect),
    "county_wide": Detector(county_wide.CountyKnobs, county_wide.detect),
    "direction_change": Detector(direction_change.TurnKnobs, direction_change.detect),
    "divergence": Detector(divergence.DivergenceKnobs, divergence.detect),
    "event_window": Detector(event_window.EventKnobs, event_window.detect, ("rise",)),
    "flag_share": Detector(flag_share.FlagKnobs, flag_share.detect),
    "multi_theme": Detector(multi_theme.ThemeKnobs, multi_theme.detect),
    "new_entrant": Detector(new_entrant.EntrantKnobs, new_entrant.detect),
    "peer_gap": Detector(peer_gap.GapKnobs, peer_gap.detect),
    "peer_rank": Detector(peer_rank.RankKnobs, peer_rank.detect),
    "rate_extreme": Detector(rate_extreme.RateKnobs, rate_extreme.detect),
    "record": Detector(record.RecordKnobs, record.detect),
    "reporting_drop": Detector(reporting_drop.ReportingKnobs, reporting_drop.detect),
    "reporting_ratio": Detector(reporting_ratio.RatioKnobs, reporting_ratio.detect),
    "run_of_points": Detector(run_of_points.RunKnobs, run_of_points.detect),
    "seasonal_excess": Detector(seasonal_excess.SeasonKnobs, seasonal_excess.detect),
    "share_shift": Detector(share_shift.ShareKnobs, share_shift.detect),
    "small_counts": Detector(small_counts.SmallKnobs, small_counts.detect),
    "spike": Detector(spike.SpikeKnobs, spike.detect),
    "step": Detector(step.StepKnobs, step.detect),
    "subset_rise": Detector(subset_rise.SubsetKnobs, subset_rise.detect),
    "sustained": Detector(sustained.SustainedKnobs, sustained.detect),
    "target_met": Detector(target_met.MetKnobs, target_met.detect),
    "target_pace": Detector(target_pace.PaceKnobs, target_pace.detect),
}
