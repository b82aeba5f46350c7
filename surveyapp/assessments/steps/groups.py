"""Third step: whom to ask. The form has the pack's groups, the city's own ones, and room for a new one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from wtforms import BooleanField, SelectField, validators

from surveyapp.analysis.counts import SMALLEST_THRESHOLD
from surveyapp.assessments.fields import choice_of, fault
from surveyapp.assessments.outlook import outlooks
from surveyapp.assessments.starting import expected
from surveyapp.assessments.steps.step import Step
from surveyapp.benchmark import Benchmark
from surveyapp.database import db
from surveyapp.i18n import endonym, page_language
from surveyapp.layout.forms import Form, Line, Number, at_most, between
from surveyapp.models import Batch, Invitation, Round, StakeholderGroup
from surveyapp.models.drafting import named, pack_of, pack_wording

MOST_OWN = 5
MOST_PEOPLE = 100_000
FULL, SHORT = "full", "short"


class Known(NamedTuple):
    """A group the page shows, asked or not. `base` is the group of the pack whose questions it gets."""

    key: str
    base: str
    title: str
    base_title: str
    role: str

    @property
    def own(self) -> bool:
        return self.key != self.base


@dataclass(frozen=True)
class Asked:
    """A group with its fields."""

    known: Known
    asked: BooleanField
    names: dict[str, Line]
    kind: SelectField
    length: SelectField
    expected: Number

    @property
    def key(self) -> str:
        return self.known.key

    @property
    def own(self) -> bool:
        return self.known.own

    @property
    def name(self) -> dict[str, str]:
        return {code: field.data for code, field in self.names.items() if field.data}

    @property
    def wrong_inside(self) -> bool:
        """Whether a field has an error that the page keeps folded away otherwise."""
        return any(field.errors for field in (*self.names.values(), self.kind, self.length))


class GroupsForm(Form):
    """Fields for each group: see `form_for`. `do` is the button that was pressed."""

    do = Line()
    self_group: SelectField
    threshold: Number

    @cached_property
    def groups(self) -> list[Asked]:
        return [
            Asked(
                known=known,
                asked=self[f"{known.key}-asked"],
                names={code: self[f"{known.key}-name-{code}"] for code in self.codes},
                kind=self[f"{known.key}-kind"],
                length=self[f"{known.key}-length"],
                expected=self[f"{known.key}-expected"],
            )
            for known in self.known
        ]

    @property
    def chosen(self) -> list[Asked]:
        return [group for group in self.groups if group.asked.data]

    @property
    def new_names(self) -> dict[str, Line]:
        return {code: self[f"new-name-{code}"] for code in self.codes if f"new-name-{code}" in self}

    @property
    def new_name(self) -> dict[str, str]:
        return {code: field.data for code, field in self.new_names.items() if field.data}

    # What `form_for` finds out
    known: tuple[Known, ...] = ()
    codes: tuple[str, ...] = ()
    round_: Round

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if not self.chosen and not self.new_name:
            fault(self.groups[0].asked, _("Choose at least one group."))
        for group in self.chosen:
            if group.expected.data is None and not group.expected.errors:
                fault(group.expected, _("How many answers do you expect? A rough number is enough."))
            if group.own and not group.name:
                fault(next(iter(group.names.values())), _("A group of your own needs a name."))
        if self.self_group.data and self.self_group.data not in [group.key for group in self.chosen]:
            fault(self.self_group, _("You do not ask this group. Choose another one, or none."))
        if self.do.data == "add" and self.new_names and not self.new_name:
            fault(next(iter(self.new_names.values())), _("A group of your own needs a name."))
        if self.new_name and not self["new-based_on"].data:
            fault(self["new-based_on"], _("Choose the group whose questions it gets."))
        for group in self._dropped_with_people():
            fault(group.asked, _("People of this group are invited already. Take them off the list first."))
        return not self.errors

    def _dropped_with_people(self) -> list[Asked]:
        stored = {group.key: group.id for group in self.round_.groups}
        dropped = {
            stored[group.key]: group for group in self.groups if group.key in stored and not group.asked.data
        }
        if not dropped:
            return []
        invited = select(Batch.group_id).where(
            Batch.group_id.in_(dropped),
            Batch.channel != "trial",
            select(Invitation.id)
            .where(Invitation.batch_id == Batch.id, Invitation.status != "revoked")
            .exists(),
        )
        return [dropped[group_id] for group_id in db.session.scalars(invited.distinct())]


def form_for(round_: Round) -> GroupsForm:
    pack, words = pack_of(round_), pack_wording(round_, page_language())
    stored = {group.key: group for group in round_.groups}
    known = tuple(_known(words, stored, pack))
    fields: dict[str, Any] = {"known": known, "codes": tuple(round_.languages), "round_": round_}
    values: dict[str, Any] = {"self_group": round_.self_group or "", "threshold": round_.threshold}
    for group in known:
        fields |= _fields(group, pack, round_)
        values |= _values(group, pack, stored.get(group.key))
    if sum(group.own for group in known) < MOST_OWN:
        fields |= _fields_of_new(pack, words, round_)
    fields |= _fields_of_all(known)
    form: GroupsForm = type("RoundGroupsForm", (GroupsForm,), fields)(data=values)
    return form


def _known(words: dict[str, str], stored: dict[str, StakeholderGroup], pack: Benchmark) -> Iterator[Known]:
    """The pack's groups in its order, then the city's own."""
    given = {group.key: group.key for group in pack.groups}
    own = {group.key: group.based_on for group in stored.values() if group.based_on}
    for key, base in (given | own).items():
        base_title = words[f"group.{base}"]
        title = (named(stored[key], page_language()) if key in stored else "") or base_title
        yield Known(key, base, title, base_title, words[f"group.{base}.role"])


def _fields(group: Known, pack: Benchmark, round_: Round) -> dict[str, Any]:
    full, short = (_questions(group, pack, round_, short) for short in (False, True))
    lengths = {
        FULL: ngettext("Full form: %(num)d question", "Full form: %(num)d questions", full),
        SHORT: ngettext("Short form: %(num)d question", "Short form: %(num)d questions", short),
    }
    # The page says the group's name itself; a list of errors cannot
    how_many = _("Answers you expect (%(group)s)", group=group.title)
    return {
        f"{group.key}-asked": BooleanField(group.title),
        f"{group.key}-expected": Number(how_many, [validators.Optional(), between(1, MOST_PEOPLE)]),
        **_name_fields(group.key, round_),
        f"{group.key}-kind": choice_of(_("Whom do people speak for?"), _kinds()),
        f"{group.key}-length": choice_of(_("Length"), lengths),
    }


def _name_fields(key: str, round_: Round) -> dict[str, Any]:
    return {
        f"{key}-name-{code}": Line(_("Name (%(language)s)", language=endonym(code)), [at_most(80)])
        for code in round_.languages
    }


def _fields_of_new(pack: Benchmark, words: dict[str, str], round_: Round) -> dict[str, Any]:
    bases = {"": _("Choose a group"), **{group.key: words[f"group.{group.key}"] for group in pack.groups}}
    return {
        **_name_fields("new", round_),
        "new-based_on": choice_of(_("Gets the questions of"), bases),
        "new-kind": choice_of(_("Whom do people speak for?"), _kinds()),
    }


def _fields_of_all(known: tuple[Known, ...]) -> dict[str, Any]:
    asked = {"": _("No group"), **{group.key: group.title for group in known}}
    least = _("Fewest answers of a group that is shown")
    return {
        "self_group": choice_of(_("The city’s own view"), asked),
        "threshold": Number(least, [between(SMALLEST_THRESHOLD, 100)]),
    }


def _kinds() -> dict[str, str]:
    return {
        "organisations": _("An organisation or a department"),
        "persons": _("Themselves"),
    }


def _questions(group: Known, pack: Benchmark, round_: Round, short: bool) -> int:
    """How many questions the group gets in this round, overall statements and the city's own among them."""
    own = sum(
        group.key in question["groups"] and question["factor"] in round_.factors
        for question in round_.own_questions
    )
    return own + sum(
        len(pack.asked(factor, group.base, short)) + pack.rates(factor, group.base)
        for factor in round_.factors
    )


def _values(known: Known, pack: Benchmark, group: StakeholderGroup | None) -> dict[str, Any]:
    names = (group.name if group else None) or {}
    return {
        f"{known.key}-asked": group is not None,
        f"{known.key}-expected": group.expected if group else expected(known.base),
        f"{known.key}-kind": group.kind if group else pack.group(known.base).kind,
        f"{known.key}-length": SHORT if group and group.short else FULL,
        **{f"{known.key}-name-{code}": name for code, name in names.items()},
    }


def save(round_: Round, form: GroupsForm) -> None:
    """A dropped group goes, also out of the city's own questions; a question asked of nobody waits for a look."""
    stored = {group.key: group for group in round_.groups}
    kept = [_stored(stored.get(asked.key), asked) for asked in form.chosen]
    if form.new_name:
        kept.append(_added(form, stored))
    for position, group in enumerate(kept):
        group.position = position
    round_.groups = kept
    round_.self_group = form.self_group.data or None
    assert form.threshold.data is not None, "checked by the form"
    round_.threshold = form.threshold.data
    keys = {group.key for group in kept}
    round_.own_questions = [
        {**question, "groups": [key for key in question["groups"] if key in keys]}
        for question in round_.own_questions
    ]
    if not all(question["groups"] for question in round_.own_questions):
        round_.setup_done = [step for step in round_.setup_done if step != "questions"]


def _stored(group: StakeholderGroup | None, asked: Asked) -> StakeholderGroup:
    group = group or StakeholderGroup(key=asked.key)
    group.kind = asked.kind.data
    group.short = asked.length.data == SHORT
    group.expected = asked.expected.data
    group.name = asked.name or None
    return group


def _added(form: GroupsForm, stored: dict[str, StakeholderGroup]) -> StakeholderGroup:
    base = form["new-based_on"].data
    return StakeholderGroup(
        key=next(key for key in (f"own-{n}" for n in range(1, len(stored) + 2)) if key not in stored),
        based_on=base,
        kind=form["new-kind"].data,
        short=False,
        expected=expected(base),
        name=form.new_name,
    )


def told(round_: Round) -> str:
    asked = len(round_.groups)
    return ngettext("%(num)d group", "%(num)d groups", asked)


def shown(round_: Round, form: GroupsForm) -> dict[str, Any]:
    return {"outlooks": outlooks(round_), "alone": len(round_.groups) == 1, "most_own": MOST_OWN}


STEP = Step("groups", _l("Groups"), form_for, save, told, shown)
