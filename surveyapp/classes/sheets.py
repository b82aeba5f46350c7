"""What is printed or copied for respondents, in one language: slips, a poster, a message, the form on paper."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import segno
from flask import current_app, render_template, url_for
from flask_babel import force_locale
from markupsafe import Markup

from surveyapp.benchmark.frozen import Frozen
from surveyapp.benchmark.sheets import Item, TextItem, marks, minutes, sheet, steps, voice
from surveyapp.issuing import codes_of, group_code
from surveyapp.models import Batch, StakeholderGroup
from surveyapp.models.drafting import planned_content
from surveyapp.pdf import to_pdf
from surveyapp.tokens import in_fours

# Thirteen pages take under three seconds, as long as somebody waits for a page
SLIPS_A_FILE = 104


@dataclass(frozen=True)
class Slip:
    code: str
    address: str
    qr: str
    """The address as a picture."""


@dataclass(frozen=True)
class Table:
    """Questions that are printed together: on the scale, under one head of `labels`, or each with its own list."""

    scale: bool
    labels: dict[str, str]
    items: tuple[tuple[Item, dict[str, str]], ...]


@dataclass(frozen=True)
class PaperPage:
    title_key: str | None
    tables: tuple[Table, ...]
    texts: tuple[TextItem, ...]


def address(batch: Batch, code: str, language: str) -> str:
    """Where a code leads, in this language even where its batch begins in another."""
    wish = language if language != batch.language else None
    return str(current_app.config["BASE_URL"]) + url_for("invitations.code", code=code, language=wish)


def short_address() -> str:
    """Where codes are typed, as people copy it."""
    return str(current_app.config["BASE_URL"]).split("://")[-1] + url_for("invitations.join")


def class_address(token: str) -> str:
    """Where the facilitator of a class finds its page."""
    return str(current_app.config["BASE_URL"]) + url_for("class_page.show", token=token)


def addresses(batch: Batch) -> list[tuple[str, str]]:
    """Every code of a batch with its address, used or not."""
    language = batch.language or ""
    return [(in_fours(code), address(batch, code, language)) for code in codes_of(batch)]


def parts(invited: int | None) -> int:
    """Into how many files the slips of so many codes go."""
    return math.ceil((invited or 1) / SLIPS_A_FILE)


def sheet_pdf(batch: Batch, language: str, part: int = 1) -> bytes:
    """What is printed of a batch: its slips, its poster or its form. Raises PdfUnavailable."""
    if batch.channel == "codes":
        return to_pdf(_rendered("slips.html", batch, language, slips=_slips(batch, language, part)))
    if batch.channel == "group_link":
        return to_pdf(_rendered("poster.html", batch, language, **_poster(batch, language)))
    return to_pdf(_rendered("form.html", batch, language, **_form(batch, language)))


def message_text(batch: Batch, language: str) -> Markup:
    """Text for a messenger with the address of a group link."""
    text = _rendered("message.html", batch, language, address=address(batch, group_code(batch), language))
    return Markup(text.strip())  # noqa: S704  (rendered from a template that escapes)


def _rendered(template: str, batch: Batch, language: str, **about: Any) -> str:
    group, round_ = batch.group, batch.group.round
    contact = round_.texts.get("contact", {})
    with force_locale(language):
        return render_template(
            f"invitations/sheets/{template}",
            language=language,
            label=batch.label,
            group=group,
            city=round_.city,
            contact=contact.get(language) or next(iter(contact.values()), ""),
            minutes=minutes(planned_content(round_), group.key, group.short),
            short_address=short_address(),
            today=datetime.now(UTC).date().isoformat(),
            **about,
        )


def _slips(batch: Batch, language: str, part: int) -> list[Slip]:
    codes = codes_of(batch)[(part - 1) * SLIPS_A_FILE : part * SLIPS_A_FILE]
    found = [(code, address(batch, code, language)) for code in codes]
    return [Slip(in_fours(code), where, _qr(where)) for code, where in found]


def _poster(batch: Batch, language: str) -> dict[str, Any]:
    code = group_code(batch)
    where = address(batch, code, language)
    return {"code": in_fours(code), "address": where, "qr": _qr(where)}


def _form(batch: Batch, language: str) -> dict[str, Any]:
    frozen, group = planned_content(batch.group.round), batch.group
    return {
        "pages": paper_pages(frozen, group),
        "words": frozen.wording.get(language) or frozen.wording[frozen.benchmark.source_language],
        "stem_key": f"scale.{voice(frozen, group.key)}.stem",
    }


def paper_pages(frozen: Frozen, group: StakeholderGroup) -> list[PaperPage]:
    """The questionnaire of a group as it stands on paper, in the order in which it is entered."""
    pages = [sheet(frozen, key, group.key, group.short) for key in steps(frozen, group.key, group.short)]
    return [PaperPage(page.title_key, tuple(_tables(page.items)), page.texts) for page in pages]


def _tables(items: tuple[Item, ...]) -> list[Table]:
    """Neighbours on the scale share a table; its head has every answer that one of them takes."""
    runs: list[list[Item]] = []
    for item in items:
        if runs and item.scale and runs[-1][0].scale:
            runs[-1].append(item)
        else:
            runs.append([item])
    return [Table(run[0].scale, _head(run), tuple((item, marks(item)) for item in run)) for run in runs]


def _head(run: list[Item]) -> dict[str, str]:
    return dict(max(run, key=lambda item: len(item.labels)).labels)


def _qr(text: str) -> str:
    """As an address that holds the picture: eight dots a module stay sharp on paper."""
    return str(segno.make_qr(text, error="l").png_data_uri(scale=8, border=2))
