"""The code half of the content packs: what a benchmark is, reading one, its texts, freezing it."""

from surveyapp.benchmark.freezing import from_data, to_data
from surveyapp.benchmark.loader import Fault, PackFaults, check, find_packs, load
from surveyapp.benchmark.messages import Message, messages
from surveyapp.benchmark.model import (
    Benchmark,
    Choice,
    ChoiceList,
    ClosingQuestion,
    ContextFactor,
    Example,
    Group,
    GuideQuestion,
    KeyFactor,
    Part,
    Question,
    Scale,
    Wording,
)

__all__ = [
    "Benchmark",
    "Choice",
    "ChoiceList",
    "ClosingQuestion",
    "ContextFactor",
    "Example",
    "Fault",
    "Group",
    "GuideQuestion",
    "KeyFactor",
    "Message",
    "PackFaults",
    "Part",
    "Question",
    "Scale",
    "Wording",
    "check",
    "find_packs",
    "from_data",
    "load",
    "messages",
    "to_data",
]
