"""One group's answers to one question of the drill-down, under the same privacy rules as the key factors.

These questions differ from group to group, so they are shown beside each other, never compared, and never
enter the agenda.
"""

from dataclasses import dataclass, replace

from surveyapp.analysis.counts import Counts, CountTable
from surveyapp.analysis.disclosure import PublicEdition, TooFewAnswers, hear_question
from surveyapp.analysis.perspective import Perspective, perspective
from surveyapp.analysis.rounding import Share, chart_of, share_of
from surveyapp.analysis.rules import RULES, Rules


@dataclass(frozen=True, slots=True)
class Choice:
    """How a group spread over the options of a question; it rates nothing, so no level and no label."""

    group: str
    answered: int | str
    dont_know: Share
    options: tuple[Share, ...] | None
    """One share per option in their order; None where the group is too small for a distribution."""


def question_view(
    table: CountTable, group: str, answers: Counts, rules: Rules = RULES
) -> Perspective | TooFewAnswers:
    """A rating question that `group` was asked in the round of `table`; its scale may be another.

    Clear labels only: the early sign `possible_split` is told as `mixed`.
    """
    voice = hear_question(table, group, answers, PublicEdition(rules))
    if isinstance(voice, TooFewAnswers):
        return voice
    view = perspective(voice, rules)
    return replace(view, label="mixed") if view.label == "possible_split" else view


def choice_view(
    table: CountTable, group: str, answers: Counts, rules: Rules = RULES
) -> Choice | TooFewAnswers:
    """A single-choice question with two or more options in a meaningful order, such as waiting times."""
    voice = hear_question(table, group, answers, PublicEdition(rules))
    if isinstance(voice, TooFewAnswers):
        return voice
    return Choice(
        group=group,
        answered=voice.answered_as_told,
        dont_know=share_of(voice.dont_know / voice.answered, voice.answered, voice.precision, rules),
        options=chart_of(voice.rated.ratings, voice.rated.precision, rules) if voice.rated else None,
    )
