"""The sample city holds one of everything that a comparison can find."""

import pytest
from flask import Flask

from surveyapp.assessments.actions import find_round
from surveyapp.database import db
from surveyapp.demo.sample import CLOSED, OPEN, PEOPLE, NotEmpty, load_sample
from surveyapp.models import City
from surveyapp.models.counts import TOOK_PART, recount, stored, tallied
from surveyapp.models.perspectives import RoundNotClosed, round_findings


def test_the_closed_round_shows_every_kind_of_finding(each_app: Flask) -> None:
    load_sample()
    round_ = find_round(CLOSED)
    by_group = {group.key: tallied(round_.id)[group.id][TOOK_PART] for group in round_.groups}
    assert by_group == PEOPLE
    assert stored(round_.id) == recount(round_.id)
    factors = round_findings(round_).as_json()["factors"]
    labels = {key: found["label"] for key, found in factors.items()}
    assert {"groups_disagree", "split", "early_sign", "dont_know", "broad_agreement"} <= set(labels.values())
    assert labels["f2"] == labels["f5"] == "groups_disagree"
    assert factors["f6"]["groups"]["learners"]["label"] == "split"
    assert factors["f5"]["self_view"]["label"] == "more_positive"
    assert factors["f8"]["groups"]["learners"]["many_dont_know"]
    assert factors["f9"]["groups"]["employers"] == {"shown": False, "label": "not_enough_answers"}


def test_the_open_round_is_half_way_and_shows_nothing(app: Flask) -> None:
    load_sample()
    round_ = find_round(OPEN)
    assert round_.state == "open"
    with pytest.raises(RoundNotClosed):
        round_findings(round_)


def test_a_database_with_somebody_in_it_is_left_alone(app: Flask) -> None:
    db.session.add(City(name="Real City"))
    db.session.commit()
    with pytest.raises(NotEmpty):
        load_sample()
