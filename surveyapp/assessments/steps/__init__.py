"""The guided path, in its order. Each step is saved by itself, so that one can leave and come back."""

from surveyapp.assessments.steps import factors, groups, languages, name, questions, texts
from surveyapp.assessments.steps.step import Step
from surveyapp.models import Round

STEPS: dict[str, Step] = {
    module.STEP.key: module.STEP for module in (name, factors, groups, languages, texts, questions)
}


def first_open(round_: Round) -> str:
    """Where to go on: the first step not done yet, or the first of all once everything is."""
    return next((key for key in STEPS if key not in round_.setup_done), next(iter(STEPS)))


def after(key: str) -> str | None:
    """The step that follows; None after the last."""
    keys = [*STEPS, None]
    return keys[keys.index(key) + 1]


def before(key: str) -> str | None:
    keys = [None, *STEPS]
    return keys[keys.index(key) - 1]
