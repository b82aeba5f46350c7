"""What the report says, before it is laid out."""

import re
from dataclasses import fields

import pytest
from flask import Flask
from sqlalchemy import select

from surveyapp.database import db
from surveyapp.models import Batch, Invitation, Round
from surveyapp.models.perspectives import RoundNotClosed, round_perspectives
from surveyapp.reports.actions import report_html
from surveyapp.reports.document import Document, document
from tests.assessments.walking import seen
from tests.builders import group, opened_round
from tests.comparison.closed import PEOPLE, closed_round

MOST_WORDS = 200
# Beside the nine factors, in the order of the report, without the city's own questions and comments at the end
CHAPTERS = (
    "On one page",
    "Who answered",
    "All factors, all groups",
    "Where views differ most",
    "Where the groups agree",
    "How the city sees itself",
    "What many cannot judge",
    "Read the results with this in mind",
    "How we asked and counted",
    "Tables and wording",
)


def invited(round_: Round) -> dict[str, int | str]:
    """Groups of which somebody knows how many were invited."""
    voices = round_perspectives(round_).voices
    return {voice.group: voice.invited for voice in voices if voice.invited is not None}


def chapter(html: str, name: str) -> str:
    [found] = re.findall(rf'<section class="chapter {name}">.*?</section>', html, re.DOTALL)
    return seen(found)


def test_the_summary_fits_on_a_page_for_everyone(app: Flask) -> None:
    round_ = closed_round(people=PEOPLE | {"employers": 2})
    summary = chapter(report_html(round_, "en", "public"), "summary")
    assert len(summary.split()) <= MOST_WORDS
    for words in (
        "5–9",
        "10–19",
        "300",
        "too few to show",
        "Strongest Finding your way in the city",
        "Weakest A written plan",
        "A written plan . City administration rated this",
        "Voice missing: Employers.",
        "What happens next The city talks",
    ):
        assert words in summary


def test_three_strongest_weakest_and_biggest_differences(app: Flask) -> None:
    told = document(closed_round(), "en", "public")
    assert [point.factor for point in told.biggest] == ["f2", "f5", "f6"]
    assert told.strongest[0] == "f7"
    assert told.weakest[0] == "f2"
    assert max(len(told.strongest), len(told.weakest)) <= 3
    assert [view.key for view in told.factors] == [f"f{number}" for number in range(1, 10)]


def test_the_citys_own_words_on_what_comes_next(app: Flask) -> None:
    round_ = closed_round(texts={"contact": {}, "next_steps": {"en": "We meet on Monday."}})
    assert "We meet on Monday." in report_html(round_, "en", "public")
    assert document(round_, "de", "public").next_steps == "", (
        "no words in this language: the general sentence stands"
    )


def test_what_the_city_wants_to_find_out_stands_in_front(app: Flask) -> None:
    round_ = closed_round()
    assert "wants to find out" not in report_html(round_, "en", "public")
    before = document(round_, "en", "public").snapshot
    round_.guiding_questions = ["Who is left outside?", "<b>Why?</b>"]
    asked = chapter(report_html(round_, "en", "public"), "guiding follows")
    assert "What the city wants to find out" in asked
    assert "Who is left outside? The city has not answered this yet." in asked
    assert "<b>Why?" not in report_html(round_, "en", "public")
    assert document(round_, "en", "public").snapshot != before


def test_invited_only_where_somebody_knows(app: Flask) -> None:
    round_ = closed_round()
    db.session.add(Batch(group=group(round_, "learners"), channel="group_link", token_hash="x"))
    db.session.scalars(select(Invitation).where(Invitation.status == "invited")).first().status = "revoked"
    db.session.commit()
    invited = {voice.group: voice.invited for voice in document(round_, "en", "public").voices}
    assert invited == {
        "city": "10-19", "providers": 22, "migrant_orgs": "5-9", "employers": "10-19", "learners": None,
    }  # fmt: skip


def test_strength_of_voices(app: Flask) -> None:
    told = document(closed_round(people=PEOPLE | {"employers": 2}), "en", "public")
    assert [voice.strength for voice in told.voices] == ["few", "enough", "few", "unheard", "enough"]


def test_every_chapter_says_what_it_helps_to_decide(app: Flask) -> None:
    html = report_html(closed_round(), "en", "public")
    order = [html.index(f"<h1>{title}</h1>") for title in CHAPTERS]
    assert order == sorted(order)
    chapters = html.split('<section class="chapter')[1:]
    assert len(chapters) == len(CHAPTERS) + 9
    assert all("Helps you decide: " in text for text in chapters)


def test_the_internal_edition_has_the_same_figures_and_room_to_agree(app: Flask) -> None:
    round_ = closed_round()
    public, internal = document(round_, "en", "public"), document(round_, "en", "internal")
    same = [field.name for field in fields(Document) if field.name != "edition"]
    assert [getattr(public, name) for name in same] == [getattr(internal, name) for name in same]
    assert "What we agree to do" in report_html(round_, "en", "internal")
    assert "What we agree to do" not in report_html(round_, "en", "public")


def test_edition_date_and_snapshot_stand_on_every_page(app: Flask) -> None:
    round_ = closed_round()
    told = document(round_, "en", "public")
    html = seen(report_html(round_, "en", "public"))
    assert "Public edition, draft, 30 October 2026 , snapshot " + told.short_snapshot in html
    assert told.short_snapshot == f"{told.snapshot[:4]} {told.snapshot[4:8]}"


def test_thresholds_are_printed_as_they_are(app: Flask) -> None:
    method = chapter(report_html(closed_round(threshold=7), "en", "public"), "method")
    assert "fewer than 7 answers" in method
    assert "at least 0.5 steps apart, at least 5 ratings in each group, and 95% certain" in method
    assert "groups weigh the same" in method.lower()


def test_a_language_the_round_did_not_ask_in_is_said(app: Flask) -> None:
    round_ = closed_round(languages=("en",))
    assert "The round did not ask in this language" not in report_html(round_, "en", "public")
    german = document(round_, "de", "public")
    assert not german.asked_in_language
    assert german.words.factor("f2") == "A written plan"


def test_an_invented_city_says_so(app: Flask) -> None:
    assert "invented" not in report_html(closed_round(), "en", "public")
    other = closed_round(key="other", city="Sampletown", invented=True)
    assert "the city, the people and all answers are invented" in report_html(other, "en", "public")


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_document_has_its_language_and_direction(app: Flask, language: str) -> None:
    html = report_html(closed_round(), language, "public")
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
    assert " style=" not in html


def test_no_report_of_an_open_round(app: Flask) -> None:
    with pytest.raises(RoundNotClosed):
        document(opened_round(), "en", "public")


def test_draft_languages_of_the_questionnaire_are_named(app: Flask) -> None:
    round_ = closed_round()
    assert "was a draft translation in these languages" not in report_html(round_, "en", "public")
    round_.draft_languages = ["ar", "de"]
    assert "was a draft translation in these languages: Arabic and German." in report_html(
        round_, "en", "public"
    )


def test_steps_and_lists_read_as_people_write(app: Flask) -> None:
    round_ = closed_round()
    english, arabic = report_html(round_, "en", "public"), report_html(round_, "ar", "public")
    assert "Groups at least 1 step apart" in english
    assert "at least 0.5 steps apart" in english
    assert "“Finding your way in the city”" in english
    assert "«" in arabic


def test_no_report_before_the_results_are_shown(app: Flask) -> None:
    round_ = closed_round()
    round_.shown_on = None
    with pytest.raises(RoundNotClosed, match="have not been shown"):
        document(round_, "en", "public")


def test_paper_and_left_out_batches_do_not_count_as_invited(app: Flask) -> None:
    round_ = closed_round()
    numbers = invited(round_)
    extra = Batch(group=group(round_, "city"), channel="codes", left_out="Posted in public")
    db.session.add_all(
        [extra, Invitation(batch=extra), Batch(group=group(round_, "employers"), channel="paper")]
    )
    db.session.commit()
    assert invited(round_) == {key: n for key, n in numbers.items() if key != "employers"}
