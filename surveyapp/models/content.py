"""The frozen content of a round, read once per process: it never changes, so its hash is its name."""

from functools import lru_cache

from sqlalchemy import select

from surveyapp.benchmark.frozen import Frozen, thaw
from surveyapp.database import db
from surveyapp.models.assessment import Round


def content(round_: Round) -> Frozen:
    """What the round asked. Raises ValueError for a round that was never opened."""
    if round_.content_hash is None:
        raise ValueError(f"round {round_.key} is still a draft: nothing is frozen")
    return content_of(round_.content_hash)


@lru_cache(maxsize=32)
def content_of(content_hash: str) -> Frozen:
    """The content of this hash."""
    data = db.session.scalar(select(Round.content).where(Round.content_hash == content_hash).limit(1))
    assert data is not None, "a stored hash has its content"
    return thaw(data)
