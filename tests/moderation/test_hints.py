"""Where a comment may name somebody, and what shortening allows."""

import random

import pytest

from surveyapp.moderation.hints import pieces
from surveyapp.moderation.shortening import MARKS, TOKEN, NotShortened, shortened


def marked(text: str) -> list[str]:
    assert "".join(piece for piece, _ in pieces(text)) == text
    return [piece for piece, hint in pieces(text) if hint]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Write to anna.k@example.org please", "anna.k@example.org"),
        ("Call 0171 555-12 34 in the evening", "0171 555-12 34"),
        ("call +49 (0)30/901820 soon", "+49 (0)30/901820"),
        ("My teacher Mrs Miller is kind", "Mrs Miller"),
        ("bei Frau Öztürk lernt man viel", "Frau Öztürk"),
        ("المعلمة السيدة فاطمة لطيفة", "السيدة فاطمة"),
        ("the house at 12 Station Road is cold", "12 Station Road"),
        ("der Kurs in der Hauptstraße 5 ist voll", "Hauptstraße 5"),
        ("we met Ahmad at the office", "Ahmad"),
        ("see www.example.org for it", "www.example.org"),
        ("اتصل على ٠١٢٣٤٥٦٧٨", "٠١٢٣٤٥٦٧٨"),
    ],
)
def test_what_may_name_somebody_is_marked(text: str, hint: str) -> None:
    assert any(hint in found for found in marked(text)), marked(text)


@pytest.mark.parametrize(
    "text",
    [
        "The course is good. More places are needed.",
        "I waited 6 months and I am still waiting.",
        "Der Kurs ist gut, aber die Kinder brauchen in der Zeit eine Betreuung und der Weg zum Kurs ist weit.",
        "الدورة جيدة ولكن الأماكن قليلة",
        "",
    ],
)
def test_harmless_words_stay_unmarked(text: str) -> None:
    assert marked(text) == []


def test_two_capital_words_in_a_row_are_marked_where_nouns_are_capital() -> None:
    text = "Der Kurs bei Maria Lopez ist gut, aber die Kinder brauchen in der Zeit eine Betreuung am Morgen."
    assert marked(text) == ["Maria Lopez"]


ORIGINAL = "My teacher Mrs Miller at the evening school is kind. Call 0171 555 123!"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("My teacher at the evening school is kind.", "My teacher […] at the evening school is kind. […]"),
        ("My teacher […] is kind.", "My teacher […] is kind. […]"),
        ("My teacher [...] is kind", "My teacher […] is kind […]"),
        ("at   the\nevening school", "[…] at the evening school […]"),
    ],
)
def test_gaps_are_marked(typed: str, told: str) -> None:
    assert shortened(ORIGINAL, typed) == told


def test_lines_and_scripts_without_spaces() -> None:
    assert shortened("One.\n\nTwo is Ali.", "One.\n\nTwo is") == "One.\n\nTwo is […]"
    assert shortened("私は田中です", "私はです") == "私は […] です"


def test_any_part_in_order_is_a_shortened_form_and_nothing_else_is() -> None:
    chance = random.Random(7)
    for _ in range(1500):
        words = [chance.choice("abc") for _ in range(chance.randint(1, 12))]
        kept = [word for word in words if chance.random() < 0.6]
        if kept in ([], words):
            with pytest.raises(NotShortened, match="nothing_out" if kept else "nothing_left"):
                shortened(" ".join(words), " ".join(kept))
        else:
            told = shortened(" ".join(words), " ".join(kept))
            assert TOKEN.findall(MARKS.sub(" ", told)) == kept
    with pytest.raises(NotShortened, match="added"):
        shortened("a b c", "a c b")


def test_the_longest_comment_is_shortened_in_no_time() -> None:
    letters = "漢" * 1000
    assert shortened(letters, letters[:-1]) == letters[:-1] + " […]"
