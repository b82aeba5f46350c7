"""Where the pages about mail hang: below a round for staff, and two public ones for those who get the mail."""

from flask import Blueprint, request

bp = Blueprint("mailing", __name__)

OF_ROUND = "/rounds/<round_key>/mail"
# A list of 20 000 people, and the same list carried, packed and signed, from the report to the button below it
ROOM_FOR_A_LIST = 8_000_000
LONG_FORMS = ("mailing.check_list", "mailing.add_list")


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Before anything reads the form: every other page keeps the limit of the installation."""
    if endpoint in LONG_FORMS:
        request.max_content_length = ROOM_FOR_A_LIST
        request.max_form_memory_size = ROOM_FOR_A_LIST
