"""A passkey in a real browser: chromium with an authenticator of its own, and the script of our pages between."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from surveyapp.accounts.actions import add_member
from surveyapp.accounts.links import sign_in_link
from surveyapp.database import db
from surveyapp.models import User
from tests.browser.conftest import PHONE
from tests.conftest import make_app, within

LEAD = "lead@testville.example"


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Flask]:
    """On `localhost`: a passkey belongs to a name, never to a number of the network."""
    app = make_app(sqlite_url)
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("localhost", 0, app, threaded=True)
    app.config["BASE_URL"] = f"http://localhost:{server.port}"
    running = threading.Thread(target=server.serve_forever)
    running.start()
    for _ in within(app):
        add_member(LEAD, "Testville", "lead")
        db.session.commit()
        yield app
    server.shutdown()
    running.join()


@pytest.fixture
def page(served: Flask, browser: Browser) -> Iterator[Page]:
    """A page whose browser keeps passkeys, as a telephone does."""
    context = browser.new_context(viewport=PHONE, base_url=served.config["BASE_URL"])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    control = context.new_cdp_session(page)
    control.send("WebAuthn.enable")
    telephone = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    control.send("WebAuthn.addVirtualAuthenticator", {"options": telephone})
    yield page
    context.close()
    assert faults == []


def test_added_and_used(served: Flask, page: Page) -> None:
    base = served.config["BASE_URL"]
    page.goto("/sign-in?next=/people")
    page.get_by_text("Use a passkey").click()
    page.get_by_text("Nothing was chosen").wait_for(state="visible")  # it has none yet

    page.goto(sign_in_link(db.session.scalars(select(User)).one()) + "?next=/account/passkeys/new")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(base + "/account/passkeys/new")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_text("This is needed.").first.wait_for(state="visible")
    page.get_by_label("Name of this passkey").fill("My telephone")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(base + "/account")
    page.get_by_text("The passkey “My telephone” was added.").wait_for(state="visible")

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/sign-in?next=/people")
    page.get_by_text("Use a passkey").click()
    page.wait_for_url(base + "/people")
    page.get_by_text("Your role: Lead.").wait_for(state="visible")


def test_without_javascript_the_page_says_so(served: Flask, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=served.config["BASE_URL"])
    page = context.new_page()
    page.goto("/sign-in")
    assert not page.get_by_text("Use a passkey").is_visible()
    assert page.get_by_text("only where JavaScript is switched on").is_visible()
    assert page.get_by_text("Send me a link").is_visible()
    context.close()
