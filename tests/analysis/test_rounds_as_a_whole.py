"""Several factors together: the agenda, voices that are missing, groups that speak from the outside."""

import json

from hypothesis import given

from surveyapp.analysis.agenda import Standing, agenda_order
from surveyapp.analysis.counts import CountTable
from surveyapp.analysis.findings import exact_findings, findings
from tests.analysis.count_tables import table, tables

HIGH, LOW, TOGETHER = [0, 2, 20, 20], [20, 20, 2, 0], [0, 12, 12, 0]


def test_the_agenda_goes_by_tier_then_by_distance_then_by_the_benchmark():
    standings = [
        Standing("calm", 6, 0.9),
        Standing("alone", 2, None),
        Standing("near", 2, -0.1),
        Standing("far", 2, 0.3),
        Standing("as_far", 2, 0.3 + 5e-10),
        Standing("clear", 1, 0.1),
    ]
    assert agenda_order(standings) == ("clear", "far", "as_far", "near", "alone", "calm")


def test_factors_know_their_place_on_the_agenda():
    told = findings(
        table(
            {
                "f1": {"city": TOGETHER, "learners": TOGETHER},
                "f2": {"city": HIGH, "learners": LOW},
                "f3": {"city": TOGETHER},
            }
        )
    )
    assert told.agenda == ("f2", "f3", "f1")
    assert [told.factors[key].agenda_position for key in ("f1", "f2", "f3")] == [3, 1, 2]


def test_a_voice_is_missing_only_where_it_is_shown_nowhere():
    told = findings(
        table(
            {
                "f1": {"city": TOGETHER, "employers": [0, 2, 2, 0], "learners": ([0, 1, 0, 0], 4)},
                "f2": {"city": [0, 1, 1, 0], "employers": [0, 1, 1, 0]},
            },
            groups=["city", "migrant_orgs", "employers", "learners"],
        )
    )
    assert told.voices_missing == ("migrant_orgs", "employers")
    assert told.factors["f1"].groups["migrant_orgs"].label == "no_answers"
    assert told.factors["f1"].groups["employers"].label == "not_enough_answers"
    assert told.factors["f2"].groups["learners"].label == "not_enough_answers"


def test_people_who_took_part_but_skipped_a_factor_did_not_stay_away():
    told = findings(table({"f1": {"city": [0, 0, 0, 0]}}, people={"city": 7}))
    assert told.factors["f1"].groups["city"].label == "not_enough_answers"


def test_a_group_from_the_outside_is_shown_and_compared_with_nobody():
    counts = {"city": TOGETHER, "employers": TOGETHER, "learners": ([20, 20, 2, 0], 30)}
    outside = findings(table({"f1": counts}, self="city", proxy={"f1": ["learners"]})).factors["f1"]
    assert outside.groups["learners"].label == "agreement"
    assert not outside.groups["learners"].counts
    assert outside.groups["learners"].as_json()["counts"] is False
    assert [pair.groups for pair in outside.pairs] == [("city", "employers")]
    assert outside.awareness_gaps == ()
    assert outside.label == "broad_agreement"
    assert outside.self_view.label == "not_available"
    without = findings(table({"f1": {k: counts[k] for k in ("city", "employers")}})).factors["f1"]
    assert (outside.within, outside.between, outside.total) == (
        without.within,
        without.between,
        without.total,
    )


def test_a_group_is_from_the_outside_on_the_named_factor_only():
    counts = {"city": TOGETHER, "learners": TOGETHER}
    told = findings(table({"f1": counts, "f2": counts}, proxy={"f1": ["learners"]}))
    assert told.factors["f1"].label == "not_enough_groups"
    assert told.factors["f2"].label == "broad_agreement"
    assert "counts" not in told.factors["f2"].groups["learners"].as_json()
    assert told.voices_missing == ()


def test_the_city_from_the_outside_has_no_self_view():
    counts = {"city": HIGH, "employers": LOW, "learners": LOW}
    told = findings(table({"f1": counts}, self="city", proxy={"f1": ["city"]})).factors["f1"]
    assert told.self_view.label == "not_available"


@given(tables())
def test_any_table_gives_findings_that_json_can_carry(data):
    counts = CountTable.from_json(data)
    for analyse in (findings, exact_findings):
        told = analyse(counts)
        printed = json.dumps(told.as_json(), allow_nan=False)
        assert sorted(told.agenda) == sorted(data["factors"])
        assert "-0.0," not in printed


@given(tables())
def test_the_order_of_the_groups_changes_no_label_and_no_number(data):
    told = findings(CountTable.from_json(data))
    turned = findings(CountTable.from_json(data | {"groups": data["groups"][::-1]}))
    assert turned.agenda == told.agenda
    for key, factor in told.factors.items():
        other = turned.factors[key]
        assert (other.label, other.reason, other.self_view) == (factor.label, factor.reason, factor.self_view)
        assert (other.within, other.between, other.total) == (factor.within, factor.between, factor.total)
        assert dict(other.groups) == dict(factor.groups)
        pairs = {frozenset(pair.groups): pair.label for pair in factor.pairs}
        assert {frozenset(pair.groups): pair.label for pair in other.pairs} == pairs


@given(tables())
def test_reversing_the_scale_turns_directions_and_keeps_labels(data):
    reversed_factors = {
        key: {group: cell | {"counts": cell["counts"][::-1]} for group, cell in cells.items()}
        for key, cells in data["factors"].items()
    }
    told = exact_findings(CountTable.from_json(data))
    turned = exact_findings(CountTable.from_json(data | {"factors": reversed_factors}))
    assert turned.agenda == told.agenda
    for key, factor in told.factors.items():
        other = turned.factors[key]
        assert (other.label, other.reason, other.reason_groups) == (
            factor.label,
            factor.reason,
            factor.reason_groups,
        )
        assert [getattr(pair, "gap", None) for pair in other.pairs] == [
            -pair.gap if hasattr(pair, "gap") else None for pair in factor.pairs
        ]
