"""Publishers that give something away, each in one way: the attacker has to find every one of them."""

from collections.abc import Callable

from surveyapp.models import Round
from surveyapp.models.counts import TOOK_PART, tallied
from tests.builders import group
from tests.disclosure.outputs import Publish, Published, Town, published

Raw = dict[str, list[int]]
"""Group -> people in each category of factor f1, then don't knows."""


def raw(round_: Round) -> Raw:
    counted = tallied(round_.id)
    return {
        own.key: [counted.get(own.id, {}).get(("f1", code), 0) for code in ("0", "1", "2", "3", "dk")]
        for own in round_.groups
    }


def leaking(leak: Callable[[Published, Round, Raw], None]) -> Publish:
    """All real outputs with something added."""

    def publish(town: Town, round_: Round) -> Published:
        told = published(town, round_)
        leak(told, round_, raw(round_))
        return told

    publish.__name__ = leak.__name__
    return publish


@leaking
def number_of_a_hidden_group(told: Published, round_: Round, counts: Raw) -> None:
    told["figures.csv"] += f"group,f1,,employers,,answered,{sum(counts['employers'])}\n"


@leaking
def pooled_total(told: Published, round_: Round, counts: Raw) -> None:
    for code in range(4):
        told["figures.csv"] += f"factor,f1,,,,count_{code},{sum(own[code] for own in counts.values())}\n"


@leaking
def bar_of_a_hidden_group(told: Published, round_: Round, counts: Raw) -> None:
    told["/factors/f1 (viewer)"] += bar("Employers", counts["employers"])


@leaking
def bar_of_raw_shares(told: Published, round_: Round, counts: Raw) -> None:
    told["/factors/f1 (viewer)"] += bar("Learners", counts["learners"])


def bar(title: str, counts: list[int]) -> str:
    rated = sum(counts[:4]) or 1
    spans = [
        f'<span class="seg s{code} w{round(100 * counts[code] / rated)}"></span>' for code in (3, 2, 1, 0)
    ]
    return f'<tr><th scope="row">{title}</th><td>{"".join(spans)}</td></tr>'


@leaking
def mean_in_a_title(told: Published, round_: Round, counts: Raw) -> None:
    rated = counts["learners"][:4]
    mean = sum(code * n for code, n in enumerate(rated)) / (sum(rated) or 1)
    told["report, public"] += f'<span title="{mean:.2f}"></span>'


@leaking
def hash_of_the_counts(told: Published, round_: Round, counts: Raw) -> None:
    told["report, public"] += f'<html data-version="{hash(str(counts))}">'


@leaking
def word_for_unanimity(told: Published, round_: Round, counts: Raw) -> None:
    if sum(counts["learners"][:4]) in counts["learners"]:
        told[" (viewer)"] += "<p>All learners agree.</p>"


@leaking
def comments_by_number(told: Published, round_: Round, counts: Raw) -> None:
    """As the pool of smaller groups once was: it appeared when hidden groups made it ten."""
    people = [tallied(round_.id).get(group(round_, key).id, {}).get(TOOK_PART, 0) for key in counts]
    if sum(n for n in people if n < 10) >= 10:
        told["/factors/f1 (viewer)"] += "<blockquote>More evenings, please.</blockquote>"


@leaking
def more_in_the_internal_edition(told: Published, round_: Round, counts: Raw) -> None:
    told["report, internal"] += f"<p>{sum(counts['providers'])}</p>"
