"""Two windows on one draft: what is kept of a form, by tables; and that no change is lost without a word, by trying."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveyapp.answering.merging import Merged, merge, seen, seen_since

# What happened: posted, known when the form was shown, stored by now, to be stored, conflicts
CHOICES = {
    "nothing": ({"f7": "2"}, {"f7": "2"}, {"f7": "2"}, {}, ()),
    "changed here": ({"f7": "3"}, {"f7": "2"}, {"f7": "2"}, {"f7": "3"}, ()),
    "changed there": ({"f7": "2"}, {"f7": "2"}, {"f7": "3"}, {}, ()),
    "changed in both to the same": ({"f7": "3"}, {"f7": "2"}, {"f7": "3"}, {}, ()),
    "changed in both to different ends": ({"f7": "1"}, {"f7": "2"}, {"f7": "3"}, {}, ("f7",)),
    "given here": ({"f7": "0"}, {}, {}, {"f7": "0"}, ()),
    "given there": ({}, {}, {"f7": "0"}, {}, ()),
    "given in both": ({"f7": "0"}, {}, {"f7": "dk"}, {}, ("f7",)),
    "cleared here": ({"f7": ""}, {"f7": "2"}, {"f7": "2"}, {"f7": ""}, ()),
    "cleared there": ({"f7": "2"}, {"f7": "2"}, {}, {}, ()),
    "cleared in both": ({"f7": ""}, {"f7": "2"}, {}, {}, ()),
    "cleared here, changed there": ({"f7": ""}, {"f7": "2"}, {"f7": "3"}, {}, ("f7",)),
    "changed here, cleared there": ({"f7": "3"}, {"f7": "2"}, {}, {}, ("f7",)),
    "there and back again": ({"f7": "3"}, {"f7": "2"}, {"f7": "2", "f6": "1"}, {"f7": "3"}, ()),
    "each another question": ({"f7": "2", "f6": "0"}, {"f7": "2"}, {"f7": "3"}, {"f6": "0"}, ()),
    "one meets, one does not": (
        {"f7": "1", "f6": "0"}, {"f7": "2"}, {"f7": "3"}, {"f6": "0"}, ("f7",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHOICES)
def test_choices(what: str) -> None:
    posted, known, stored, changed, conflicts = CHOICES[what]
    assert merge(posted, seen(known), stored) == Merged(changed, conflicts)


@pytest.mark.parametrize("what", [what for what in CHOICES if what != "each another question"])
def test_texts_are_told_apart_as_choices_are(what: str) -> None:
    def in_words(codes: Mapping[str, str]) -> dict[str, str]:
        return {f"{key}:comment": code and f"Words, {code}. كلمات" for key, code in codes.items()}

    posted, known, stored, changed, conflicts = CHOICES[what]
    told = merge(in_words(posted), seen(in_words(known)), in_words(stored))
    assert told == Merged(in_words(changed), tuple(f"{key}:comment" for key in conflicts))


def test_a_form_knows_texts_by_their_fingerprint() -> None:
    known = seen({"f7": "dk", "f7:comment": "a secret", "f6:comment": "", "f6": ""})
    choice, text = known.split()
    assert choice == "f7.dk"
    name, _, fingerprint = text.partition(".")
    assert (name, len(fingerprint)) == ("f7:comment", 12)
    assert "secret" not in known
    assert seen({"f7:comment": "a secret"}) == text
    assert seen({"f7:comment": "a secret."}) != text


@pytest.mark.parametrize("posted", [{"f7": "3"}, {"f7": ""}, {"f7:comment": "mine"}, {"f7:comment": ""}])
def test_a_form_that_says_nothing_of_what_it_knew_changes_what_it_holds(posted: dict[str, str]) -> None:
    stored = {"f7": "2", "f7:comment": "theirs", "f6": "1"}
    assert merge(posted, None, stored) == Merged(posted, ())
    assert merge(stored, None, stored) == Merged({}, ())


MALFORMED = [
    "",
    " ",
    "f7",
    "f7 2",
    ".",
    "f7.",
    ".2",
    "f7.2.",
    "f7.2.2",
    "f7:2",
    "F7.2",
    "f7 .2",
    "f6.2 f7",
    "\x00",
]


@pytest.mark.parametrize("was", MALFORMED)
def test_a_form_that_does_not_know_what_is_stored_changes_nothing_of_it(was: str) -> None:
    assert merge({"f7": "3"}, was, {"f7": "2"}) == Merged({}, ("f7",))
    assert merge({"f7": "2"}, was, {"f7": "2"}) == Merged({}, ())
    assert merge({"f6:comment": "new"}, was.replace("f6", "f5"), {"f7": "2"}) == Merged(
        {"f6:comment": "new"}, ()
    )


def test_a_form_that_was_sent_knows_what_it_sent_and_of_the_rest_what_it_knew() -> None:
    was = seen({"f7": "2", "f6": "1", "f5": "0", "f7:comment": "old"})
    sent = {"f7": "3", "f6": "", "f4": "dk", "f5": "3"}
    known = seen({"f7": "3", "f5": "0", "f7:comment": "old", "f4": "dk"})
    assert seen_since(was, sent, conflicts=("f5",)) == known, "f5 met another window, the text was too long"
    assert seen_since("", sent, ()) == seen(sent)


@given(st.text(), st.text(max_size=3), st.text(max_size=3))
def test_no_malformed_form_is_a_fault(was: str, posted: str, stored: str) -> None:
    told = merge({"f7": posted, "f7:comment": posted}, was, {"f7": stored, "f7:comment": stored})
    assert set(told.changed) | set(told.conflicts) <= {"f7", "f7:comment"}


FIELDS = ("f7", "f6", "f7:comment")
VALUES = ("", "0", "1", "2")


@dataclass
class Window:
    """What somebody sees in a window, and what its form knows. `met` is what they saw there last as stored."""

    shown: dict[str, str] = field(default_factory=dict)
    met: dict[str, str] = field(default_factory=dict)
    was: str = ""

    def load(self, stored: Mapping[str, str]) -> None:
        self.shown, self.met, self.was = dict(stored), dict(stored), seen(stored)

    def save(self, stored: dict[str, str], by_script: bool) -> None:
        """As views.save_factor does it, with everything checked that a person may rely on."""
        before = dict(stored)
        told = merge(self.shown, self.was, stored)
        stored.update(told.changed)
        for name in FIELDS:
            old, new = before.get(name, ""), stored.get(name, "")
            mine, met = self.shown.get(name, ""), self.met.get(name, "")
            assert new in (old, mine), "only what this window says is stored"
            if new != old:
                assert old == met, "nothing is replaced that this window had not seen"
            if mine != met:
                assert new == mine or name in told.conflicts, "what was changed here is stored or told of"
            if name in told.conflicts:
                assert new == old not in (mine, met), "a conflict is one, and decides nothing"
        if by_script:
            self.met |= {name: value for name, value in self.shown.items() if name not in told.conflicts}
            self.was = seen_since(self.was, self.shown, told.conflicts)
        elif told.conflicts:
            self.show_again(stored, told)
        else:
            self.load(stored)

    def show_again(self, stored: Mapping[str, str], told: Merged) -> None:
        """The page with the conflict: what is stored is told of, what was posted is what the form holds."""
        posted = {name: self.shown[name] for name in told.conflicts}
        self.load(stored)
        self.shown |= posted


STEP = st.one_of(
    st.tuples(st.just("choose"), st.integers(0, 1), st.sampled_from(FIELDS), st.sampled_from(VALUES)),
    st.tuples(st.just("save"), st.integers(0, 1), st.booleans()),
    st.tuples(st.just("load"), st.integers(0, 1)),
)


@settings(derandomize=True, deadline=None, max_examples=1000)
@given(st.lists(STEP, min_size=4, max_size=40))
def test_two_windows_lose_no_change_without_a_word(steps: list[tuple]) -> None:
    stored: dict[str, str] = {}
    windows = [Window(), Window()]
    for what, which, *more in steps:
        window = windows[which]
        if what == "choose":
            window.shown[more[0]] = more[1]
        elif what == "save":
            window.save(stored, by_script=more[0])
        else:
            window.load(stored)
    for window in windows:  # what is still open in a window is saved in the end, or told of
        window.save(stored, by_script=False)
        window.save(stored, by_script=False)
        assert all(window.shown.get(name, "") == stored.get(name, "") for name in FIELDS)
