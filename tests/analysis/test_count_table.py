"""Reading counts that people bring: what is missing may be left out, what is wrong is named in one line."""

import math

import pytest

from surveyapp.analysis.counts import LARGEST_COUNT, Counts, CountTable, InputError
from tests.analysis.count_tables import table

SMALL = {
    "scale": 4,
    "groups": ["city", "learners"],
    "factors": {"f1": {"city": {"counts": [0, 1, 4, 3], "dont_know": 1}}},
}


def with_city(**changes):
    return SMALL | {"factors": {"f1": {"city": {"counts": [0, 1, 4, 3]} | changes}}}


def test_what_may_be_left_out_has_a_default():
    read = CountTable.from_json(SMALL)
    assert read.threshold == 5
    assert read.self_group is None
    assert read.of("f1", "city") == Counts((0, 1, 4, 3), 1)
    assert read.of("f1", "learners") == Counts((0, 0, 0, 0), 0)
    assert read.kind("city") == "persons"
    assert read.took_part("city") == 9
    assert read.took_part("learners") == 0


def test_everything_given_is_kept():
    read = CountTable.from_json(
        SMALL
        | {
            "threshold": 7,
            "self": "city",
            "kinds": {"city": "organisations"},
            "people": {"city": 12},
            "proxy": {"f1": ["learners"]},
        }
    )
    assert read.scale == 4
    assert read.groups == ("city", "learners")
    assert read.threshold == 7
    assert read.self_group == "city"
    assert read.kind("city") == "organisations"
    assert read.took_part("city") == 12
    assert read.proxy == {"f1": frozenset({"learners"})}


def test_people_default_to_the_largest_number_of_answers_in_the_round():
    read = table({"f1": {"city": [1, 0, 2, 0]}, "f2": {"city": ([1, 0, 2, 3], 2)}})
    assert read.took_part("city") == 8


def test_learners_are_persons_whatever_the_table_says():
    read = CountTable.from_json(SMALL | {"kinds": {"learners": "organisations"}})
    assert read.kind("learners") == "persons"


@pytest.mark.parametrize("scale", [3, 7])
def test_the_ends_of_the_allowed_scales_are_read(scale):
    assert table({"f1": {"city": [1] * scale}}).scale == scale


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "input: expected an object with named entries"),
        (SMALL | {"colour": "red"}, "input: unknown key 'colour'"),
        ({"groups": ["city"], "factors": {}}, "input: no scale"),
        ({"scale": 4, "factors": {}}, "input: no groups"),
        ({"scale": 4, "groups": ["city"]}, "input: no factors"),
        (SMALL | {"scale": 2}, "scale: 2 is not a whole number from 3 to 7"),
        (SMALL | {"scale": 8}, "scale: 8 is not a whole number from 3 to 7"),
        (SMALL | {"scale": "4"}, "scale: '4' is not a whole number from 3 to 7"),
        (SMALL | {"scale": 5}, "factors.f1.city.counts: 4 numbers, but the scale has 5 categories"),
        (SMALL | {"threshold": 2}, f"threshold: 2 is not a whole number from 3 to {LARGEST_COUNT}"),
        (SMALL | {"threshold": None}, f"threshold: None is not a whole number from 3 to {LARGEST_COUNT}"),
        (SMALL | {"groups": "city"}, "groups: expected a list of names"),
        (SMALL | {"groups": ["city", 3]}, "groups: expected a list of names"),
        (SMALL | {"groups": ["city", ""]}, "groups: expected a list of names"),
        (SMALL | {"groups": []}, "groups: no groups"),
        (SMALL | {"groups": ["city", "city"]}, "groups: a group is named twice"),
        (SMALL | {"factors": {}}, "factors: no numbers: there is not one factor"),
        (SMALL | {"factors": {"f1": []}}, "factors.f1: expected an object with named entries"),
        (SMALL | {"factors": {"f1": {"mayor": {}}}}, "factors.f1: unknown group 'mayor'"),
        (SMALL | {"factors": {"f1": {"city": 8}}}, "factors.f1.city: expected an object with named entries"),
        (
            SMALL | {"factors": {"f1": {"city": {}}}},
            "factors.f1.city.counts: no numbers: expected a list, lowest category first",
        ),
        (with_city(mean=3), "factors.f1.city: unknown key 'mean'"),
        (with_city(counts=[1, 2, 3]), "factors.f1.city.counts: 3 numbers, but the scale has 4 categories"),
        (
            with_city(dont_know=-1),
            f"factors.f1.city.dont_know: -1 is not a whole number from 0 to {LARGEST_COUNT}",
        ),
        (SMALL | {"kinds": {"mayor": "persons"}}, "kinds: unknown group 'mayor'"),
        (SMALL | {"kinds": {"city": "office"}}, "kinds.city: 'office' is neither persons nor organisations"),
        (SMALL | {"people": {"mayor": 9}}, "people: unknown group 'mayor'"),
        (SMALL | {"people": {"city": 8}}, "people.city: 8 took part, but 9 answered f1"),
        (
            SMALL | {"people": {"city": 9.5}},
            f"people.city: 9.5 is not a whole number from 0 to {LARGEST_COUNT}",
        ),
        (SMALL | {"self": "mayor"}, "self: 'mayor' is not one of the groups"),
        (SMALL | {"self": ["city"]}, "self: ['city'] is not one of the groups"),
        (SMALL | {"proxy": {"f2": ["city"]}}, "proxy: unknown factor 'f2'"),
        (SMALL | {"proxy": {"f1": ["mayor"]}}, "proxy.f1: unknown group 'mayor'"),
        (SMALL | {"proxy": {"f1": "city"}}, "proxy.f1: expected a list of names"),
    ],
)
def test_bad_input_is_named_with_its_place(data, message):
    with pytest.raises(InputError) as fault:
        CountTable.from_json(data)
    assert str(fault.value) == message


@pytest.mark.parametrize("count", [-1, 1.5, 3.0, math.nan, math.inf, True, None, "3", [3], 10**9 + 1])
def test_a_count_is_a_whole_number_of_people_and_nothing_else(count):
    with pytest.raises(InputError, match=r"^factors\.f1\.city\.counts\[2\]: .* is not a whole number from 0"):
        CountTable.from_json(with_city(counts=[0, 1, count, 3]))


def test_the_message_stays_on_one_line_whatever_the_names_hold():
    odd = SMALL | {"factors": {"f1\nTraceback": {"city": {"counts": [1]}}}}
    with pytest.raises(InputError) as fault:
        CountTable.from_json(odd)
    assert len(str(fault.value).splitlines()) == 1
    assert isinstance(fault.value, ValueError)
