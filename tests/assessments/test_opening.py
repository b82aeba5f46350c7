"""Opening freezes; a pack that lost what the round asks is named."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from surveyapp.assessments.actions import CannotMove, open_round
from surveyapp.benchmark.frozen import content_hash
from surveyapp.config import data_folder
from surveyapp.database import db
from surveyapp.models import Round
from surveyapp.models.content import content
from tests.builders import draft_round, opened_round


def test_opening_freezes_what_is_asked_in_every_language(each_app: Flask) -> None:
    round_ = opened_round(factors=("f4", "f5"))
    frozen = content(round_)
    assert [factor.key for factor in frozen.benchmark.factors] == ["f4", "f5"]
    assert set(frozen.wording) == {"en", "de", "ar"}
    words = {language: frozen.text("f4.title", language) for language in frozen.wording}
    assert len(set(words.values())) == 3
    assert words["en"] == "Knowing what people need"
    assert content_hash(round_.content) == round_.content_hash


def test_a_pack_may_be_edited_until_its_round_opens_and_not_after(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "language-courses-1"
    shutil.copytree(data_folder("benchmark") / "language-courses-1", folder)
    round_ = draft_round(pack=str(folder))
    factor = folder / "factors" / "f4.toml"
    factor.write_text(factor.read_text().replace("Knowing what people need", "Asking what people need"))
    open_round(round_)
    db.session.commit()
    factor.write_text(factor.read_text().replace("Asking what people need", "Changed too late"))
    assert content(db.session.get(Round, round_.id)).text("f4.title", "en") == "Asking what people need"
    with pytest.raises(CannotMove, match="only a draft can be opened"):
        open_round(round_)


def test_a_factor_that_the_pack_lost_is_named(app: Flask) -> None:
    round_ = draft_round()
    round_.factors = ["f1", "f99"]
    with pytest.raises(CannotMove, match="f99"):
        open_round(round_)
