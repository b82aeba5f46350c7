"""The tables, in the order of a city's journey: people, assessment, mailing, response, counts, report, audit, and
what a city knows of its translations."""

from surveyapp.models.assessment import Assessment, Batch, Invitation, Round, StakeholderGroup
from surveyapp.models.audit import AuditEntry
from surveyapp.models.counts import LanguageCount, Tally
from surveyapp.models.mailing import Contact, Delivery, Mailing, OptOut
from surveyapp.models.people import City, Membership, Role, User, WebAuthn
from surveyapp.models.recording import Recording
from surveyapp.models.report import ContextRating, Remark, Report, ReportVersion
from surveyapp.models.response import (
    Answer,
    CodeTry,
    Comment,
    Draft,
    DraftAnswer,
    DraftComment,
    Moderation,
    Response,
)
from surveyapp.models.translation import LanguageReview

__all__ = [
    "Answer",
    "Assessment",
    "AuditEntry",
    "Batch",
    "City",
    "CodeTry",
    "Comment",
    "Contact",
    "ContextRating",
    "Delivery",
    "Draft",
    "DraftAnswer",
    "DraftComment",
    "Invitation",
    "LanguageCount",
    "LanguageReview",
    "Mailing",
    "Membership",
    "Moderation",
    "OptOut",
    "Recording",
    "Remark",
    "Report",
    "ReportVersion",
    "Response",
    "Role",
    "Round",
    "StakeholderGroup",
    "Tally",
    "User",
    "WebAuthn",
]
