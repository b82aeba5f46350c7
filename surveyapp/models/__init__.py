"""The tables, in the order of a city's journey: people, assessment, response, counts, report."""

from surveyapp.models.assessment import Assessment, Batch, Invitation, Round, StakeholderGroup
from surveyapp.models.counts import LanguageCount, Tally
from surveyapp.models.people import City, Membership, Role, User
from surveyapp.models.report import Report
from surveyapp.models.response import Answer, CodeTry, Comment, Draft, DraftAnswer, DraftComment, Response

__all__ = [
    "Answer",
    "Assessment",
    "Batch",
    "City",
    "CodeTry",
    "Comment",
    "Draft",
    "DraftAnswer",
    "DraftComment",
    "Invitation",
    "LanguageCount",
    "Membership",
    "Report",
    "Response",
    "Role",
    "Round",
    "StakeholderGroup",
    "Tally",
    "User",
]
