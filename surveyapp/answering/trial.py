"""A trial: staff answer a draft as one of its groups would. All of it goes when the round opens."""

from sqlalchemy import select

from surveyapp.database import db
from surveyapp.models import Batch, Draft, Invitation, StakeholderGroup
from surveyapp.models.drafting import freeze_plan


def start_trial(group: StakeholderGroup) -> Invitation:
    """A started invitation into a draft, asked what the draft would ask now. Raises KeyError as freeze_plan does."""
    freeze_plan(group.round)
    batch = db.session.scalar(select(Batch).where(Batch.group_id == group.id, Batch.channel == "trial"))
    invitation = Invitation(batch=batch or Batch(group=group, channel="trial"), status="started")
    db.session.add(invitation)
    db.session.flush()
    db.session.add(
        Draft(
            invitation_id=invitation.id,
        )
    )
    db.session.flush()
    return invitation
