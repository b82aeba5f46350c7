"""What a benchmark holds, as frozen values: the shape of a pack's TOML files is the shape of these types.

Each field's type carries, as its description, the words in which a fault of that field is told to the
author of a pack. Keys identify content for good: answers and translations hang on them, never on words.
"""

from typing import Annotated, Literal, TypeVar

from msgspec import Meta, Struct

Key = Annotated[str, Meta(pattern=r"^[a-z0-9_-]+\Z", description="a key of a-z, 0-9, - and _")]
NumberKey = Annotated[str, Meta(pattern=r"^[a-z0-9_.-]+\Z", description="a key of a-z, 0-9, -, _ and .")]
LanguageTag = Annotated[
    str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", description="a language tag such as en")
]
Text = Annotated[str, Meta(pattern=r"\S", description="a text that is not empty")]
OptionalText = Annotated[str, Meta(pattern=r"\A\Z|\S", description="a text, or left out")]
Flag = Annotated[bool, Meta(description="true or false")]
Number = Annotated[int, Meta(ge=1, description="a whole number from 1")]
Code = Annotated[int, Meta(ge=0, description="a whole number from 0")]
Status = Annotated[Literal["draft", "published"], Meta(description="draft or published")]
Kind = Annotated[Literal["persons", "organisations"], Meta(description="persons or organisations")]
Voice = Annotated[Literal["standard", "plain"], Meta(description="standard or plain")]
Fit = Annotated[Literal["core", "partial", "proxy"], Meta(description="core, partial or proxy")]


class Content(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all content: never changed once read, and a misspelt field is a fault."""


class Choice(Content, frozen=True):
    """One step of the scale or one option of a list; `code` is what an answer stores."""

    code: Code
    label: Text
    note: OptionalText = ""


class Wording(Content, frozen=True):
    """The scale in one voice; `steps` run from code 0, the lowest, upwards."""

    stem: Text
    steps: tuple[Choice, ...]
    dont_know: Text
    not_for_me: Text


class Scale(Content, frozen=True):
    """The same 3 to 7 codes in the voice of professionals and, where a group needs it, in plain language."""

    standard: Wording
    plain: Wording | None = None

    @property
    def size(self) -> int:
        """Number of steps, K; codes run from 0 to K-1."""
        return len(self.standard.steps)

    def wording(self, voice: Voice) -> Wording:
        """The scale as a group of this voice sees it."""
        return self.plain if voice == "plain" and self.plain else self.standard


class ChoiceList(Content, frozen=True):
    """Options that are counted but form no scale, such as waiting times."""

    options: tuple[Choice, ...]
    dont_know: Text


class Group(Content, frozen=True):
    """A stakeholder group; `order` lists every factor key in the order this group meets them."""

    key: Key
    name: Text
    kind: Kind
    role: Text
    voice: Voice = "standard"
    order: tuple[Key, ...] = ()


class GuideQuestion(Content, frozen=True):
    """What to find out before judging a factor; `parts` is the list that belongs to it."""

    key: NumberKey
    text: Text
    parts: tuple[Text, ...] = ()


class Question(Content, frozen=True):
    """A concrete question to one group; `covers` names the guide questions it stands for.

    Answered on the scale, or from the list that `choices` names. `short` keeps it in the short form.
    """

    key: Key
    text: Text
    covers: tuple[NumberKey, ...] = ()
    short: Flag = False
    choices: Key | None = None
    not_for_me: Flag = False


class Part(Content, frozen=True):
    """What one group can say about one factor: core (first hand), partial, or proxy (sees only traces)."""

    fit: Fit
    questions: tuple[Question, ...] = ()


class Example(Content, frozen=True):
    """What a place has done, in one or two sentences."""

    place: Text
    text: Text


class KeyFactor(Content, frozen=True):
    """A statement that can be found true or not, and what each group (by key) is asked about it.

    `why` tells staff and readers why it matters, `reason` tells in one plain sentence whoever answers.
    """

    key: Key
    title: Text
    statement: Text
    why: Text
    plain_statement: OptionalText = ""
    reason: OptionalText = ""
    guide_questions: tuple[GuideQuestion, ...] = ()
    examples: tuple[Example, ...] = ()
    groups: dict[Key, Part] = {}


class ClosingQuestion(Content, frozen=True):
    """An open question at the end, answered in at most `max_chars` characters."""

    key: Key
    text: Text
    plain_text: OptionalText = ""
    max_chars: Number = 500


class ContextFactor(Content, frozen=True):
    """A force mostly outside the city's control that helps to explain its progress."""

    key: Key
    title: Text
    text: Text


Keyed = TypeVar("Keyed", Group, KeyFactor)


def _with_key(contents: tuple[Keyed, ...], key: str) -> Keyed:
    for content in contents:
        if content.key == key:
            return content
    raise KeyError(key)


class Benchmark(Content, frozen=True):
    """One version of a content pack. Methods take keys and raise KeyError for one the pack does not have."""

    key: Key
    version: Number
    status: Status
    source_language: LanguageTag
    title: Text
    standard: Text
    context: Text
    inspiration: Text
    scale: Scale
    groups: tuple[Group, ...]
    factors: tuple[KeyFactor, ...]
    self_group: Key | None = None
    choices: dict[Key, ChoiceList] = {}
    closing: tuple[ClosingQuestion, ...] = ()
    context_factors: tuple[ContextFactor, ...] = ()
    glossary: dict[Text, Text] = {}

    def factor(self, key: str) -> KeyFactor:
        return _with_key(self.factors, key)

    def group(self, key: str) -> Group:
        return _with_key(self.groups, key)

    def rates(self, factor: str, group: str) -> bool:
        """Whether the group rates the factor's overall statement: it is asked and sees more than traces."""
        part = self.factor(factor).groups.get(self.group(group).key)
        return part is not None and part.fit != "proxy"

    def asked(self, factor: str, group: str, short: bool = False) -> tuple[Question, ...]:
        """The concrete questions, in their order; none where the group has no part in the factor."""
        part = self.factor(factor).groups.get(self.group(group).key)
        if part is None:
            return ()
        return tuple(question for question in part.questions if question.short or not short)

    def order(self, group: str, short: bool = False) -> tuple[str, ...]:
        """Keys of the factors on which the group has anything to answer, in the order it meets them."""
        keys = self.group(group).order or tuple(factor.key for factor in self.factors)
        return tuple(key for key in keys if self.rates(key, group) or self.asked(key, group, short))

    def statement_key(self, factor: str, group: str) -> str:
        """Content key of the overall statement in the group's voice, as `messages` names it."""
        name = "plain_statement" if self.group(group).voice == "plain" else "statement"
        return f"{self.factor(factor).key}.{name}"

    def uncovered(
        self, factor: str, groups: tuple[str, ...], short: bool = False
    ) -> tuple[GuideQuestion, ...]:
        """The factor's guide questions that nothing asked of these groups stands for."""
        covered = {
            key
            for group in groups
            for question in self.asked(factor, group, short)
            for key in question.covers
        }
        return tuple(guide for guide in self.factor(factor).guide_questions if guide.key not in covered)
