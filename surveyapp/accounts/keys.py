"""Passkeys: what the browser is asked, and whether its answer is right. The checking itself is py_webauthn's."""

import secrets
from datetime import UTC, datetime
from urllib.parse import urlsplit

import webauthn
from flask import current_app
from sqlalchemy import select
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from surveyapp.database import db
from surveyapp.models import User, WebAuthn

# The telephone or key asks for a finger, a face or a PIN: so a passkey is two factors in one
VERIFIED = UserVerificationRequirement.REQUIRED
MOST = 10
NAME_LENGTH = 60
# What py_webauthn and the standard library raise at answers that make no sense
NONSENSE = (WebAuthnException, ValueError, KeyError, TypeError, IndexError)


class NoPasskey(Exception):
    """The answer does not prove what it should."""


def question_to_add(user: User, challenge: bytes) -> str:
    """Options for navigator.credentials.create(), as JSON."""
    assert user.fs_webauthn_user_handle
    options = webauthn.generate_registration_options(
        rp_id=_site(),
        rp_name="surveyapp",
        user_id=user.fs_webauthn_user_handle.encode(),
        user_name=user.email,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=key.credential_id) for key in passkeys_of(user)
        ],
    )
    return webauthn.options_to_json(options)


def question_to_sign_in(challenge: bytes) -> str:
    """Options for navigator.credentials.get(): any passkey of this site will do."""
    options = webauthn.generate_authentication_options(
        rp_id=_site(), challenge=challenge, user_verification=VERIFIED
    )
    return webauthn.options_to_json(options)


def add_passkey(user: User, name: str, answer: str, challenge: bytes) -> WebAuthn:
    """Raises NoPasskey."""
    try:
        shown = parse_registration_credential_json(answer)
        checked = webauthn.verify_registration_response(
            credential=shown,
            expected_challenge=challenge,
            expected_rp_id=_site(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except NONSENSE as error:
        raise NoPasskey(str(error)) from error
    if _by_id(checked.credential_id) is not None or len(passkeys_of(user)) >= MOST:
        raise NoPasskey("known already, or too many")
    added = WebAuthn(
        user_id=user.id,
        name=name,
        credential_id=checked.credential_id,
        public_key=checked.credential_public_key,
        sign_count=checked.sign_count,
        transports=[str(transport.value) for transport in shown.response.transports or []],
        backup_state=checked.credential_backed_up,
        device_type=checked.credential_device_type.value,
        usage="first",
        lastuse_datetime=_now(),
    )
    db.session.add(added)
    return added


def owner_of(answer: str, challenge: bytes) -> User:
    """Whose passkey answered; raises NoPasskey. The counter of the passkey moves on."""
    try:
        shown = parse_authentication_credential_json(answer)
        passkey = _by_id(shown.raw_id)
        user = db.session.get(User, passkey.user_id) if passkey is not None else None
        if passkey is None or user is None or not user.active:
            raise NoPasskey("unknown")
        if shown.response.user_handle != (user.fs_webauthn_user_handle or "").encode():
            raise NoPasskey("of somebody else")
        checked = webauthn.verify_authentication_response(
            credential=shown,
            expected_challenge=challenge,
            expected_rp_id=_site(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count or 0,
            require_user_verification=True,
        )
    except NONSENSE as error:
        raise NoPasskey(str(error)) from error
    passkey.sign_count = checked.new_sign_count
    passkey.backup_state = checked.credential_backed_up
    passkey.lastuse_datetime = _now()
    return user


def passkeys_of(user: User) -> list[WebAuthn]:
    return list(db.session.scalars(select(WebAuthn).where(WebAuthn.user_id == user.id).order_by(WebAuthn.id)))


def give_handle(user: User) -> None:
    """A number that the passkey keeps to name its owner; it says nothing about them."""
    user.fs_webauthn_user_handle = user.fs_webauthn_user_handle or secrets.token_hex(32)


def _by_id(credential_id: bytes) -> WebAuthn | None:
    wanted = select(WebAuthn).where(WebAuthn.credential_id == credential_id)
    return db.session.scalar(wanted.with_for_update().execution_options(populate_existing=True))


def _site() -> str:
    return urlsplit(current_app.config["BASE_URL"]).hostname or ""


def _origin() -> str:
    parts = urlsplit(current_app.config["BASE_URL"])
    return f"{parts.scheme}://{parts.netloc}"


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
