"""Every page of staff on a phone and a desktop: what axe finds, what sticks out, and what the keyboard reaches."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask, url_for
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect
from werkzeug.serving import make_server

from surveyapp.accounts.links import sign_in_link
from tests.browser.conftest import DESKTOP, PHONE, watching
from tests.browser.steps import clean, fits
from tests.browser.town import Town
from tests.conftest import make_app, within
from tests.test_guards import parsed

# Answers that are files, pictures or pages within a page
NO_PAGES = {
    "classes.codes", "classes.sheet", "figures.download", "factors.authenticator_picture", "log.export",
    "privacy.impact_assessment", "privacy.processing_record", "reports.download", "translating.download",
}  # fmt: skip
# Reached through another step only: looked at in the tests beside their features
STEPPED = {
    "factors.ask_to_remove_authenticator", "factors.ask_to_remove_password", "passkeys.ask_to_remove",
    "assessments.setup",
}  # fmt: skip
PRIMARY = "main .button:not(.quiet):not(.grave)"
MOST_TABS, TABS_AT_ONCE = 200, 10


@pytest.fixture
def served(sqlite_url: str) -> Iterator[tuple[Flask, Town]]:
    app = make_app(sqlite_url)
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    app.config["BASE_URL"] = f"http://127.0.0.1:{server.port}"
    running = threading.Thread(target=server.serve_forever)
    running.start()
    for _ in within(app):
        yield app, Town()
    server.shutdown()
    running.join()


def addresses(app: Flask, town: Town) -> dict[str, list[str]]:
    """Endpoint -> the addresses of its pages, for every endpoint of staff with a page and for those of sign-in."""
    draft, open_, closed, shown = (
        {"round_key": round_.key} for round_ in (town.draft, town.open, town.closed, town.shown)
    )
    city, member = {"city_id": town.city_id}, {"city_id": town.city_id, "member_id": town.member_id}
    asked: list[tuple[str, dict[str, object]]] = [
        *((name, {}) for name in ("accounts.profile", "accounts.people", "factors.password")),
        *(
            (name, {})
            for name in ("factors.authenticator", "passkeys.new", "comparison.rounds", "assessments.new")
        ),
        *(
            (name, city)
            for name in ("members.overview", "members.invite", "log.overview", "translating.overview")
        ),
        *((name, member) for name in ("members.role", "members.ask_to_remove")),
        *(("assessments.step", draft | {"step": step}) for step in STEPS),
        *(
            (name, draft)
            for name in ("comparison.round_", "running.check", "preview.overview", "mailing.overview")
        ),
        *((name, draft) for name in ("classes.overview", "privacy.overview", "mailing.add")),
        ("preview.framed", draft | {"group": "own-1", "factor": "f5"}),
        *(
            (name, open_)
            for name in ("comparison.round_", "comparison.odd", "running.manage", "running.ask_to_close")
        ),
        *((name, open_) for name in ("mailing.overview", "mailing.add", "mailing.bounced", "mailing.plan")),
        ("running.offer", open_ | {"language": "de"}),
        ("listening.overview", open_),
        ("mailing.overview", open_ | {"state": "refused", "words": "nobody"}),
        ("mailing.person", open_ | {"invitation_id": town.person_id}),
        *(("mailing.wording", open_ | {"language": language}) for language in ("en", "ar")),
        ("classes.overview", open_),
        *(("classes.new", open_ | {"kind": kind}) for kind in ("codes", "link", "paper")),
        *(("classes.batch", open_ | {"batch_id": batch.id}) for batch in (town.codes, town.link, town.paper)),
        ("paper.entry", open_ | {"batch_id": town.paper.id}),
        *((name, open_) for name in ("privacy.overview", "privacy.contact", "privacy.deletion")),
        *(
            (name, closed)
            for name in ("comparison.round_", "comparison.odd", "running.manage", "moderation.overview")
        ),
        ("comparison.leave_batch_out", closed | {"batch_id": town.leftover.id}),
        *(
            (name, shown)
            for name in ("comparison.round_", "running.manage", "privacy.overview", "privacy.deletion")
        ),
        ("comparison.factor", shown | {"factor": "f5"}),
        *(
            (name, shown)
            for name in ("figures.overview", "reports.desk", "finishing.words", "finishing.context")
        ),
        *(("moderation.overview", shown | {"state": state}) for state in ("pending", "shortened")),
        ("moderation.one", shown | {"key": town.comment}),
        ("reports.follow", shown | {"report_id": town.report.id}),
    ]
    found: dict[str, list[str]] = {}
    with app.test_request_context():
        for endpoint, values in asked:
            found.setdefault(endpoint, []).append(url_for(endpoint, **values))
    return found


STEPS = ("name", "factors", "groups", "languages", "texts", "questions")
OUTSIDE = ("/sign-in?again=1", "/sign-in/password", "/privacy", "/lost-link")


def test_no_page_is_forgotten(served: tuple[Flask, Town]) -> None:
    app, town = served
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and app.view_functions[rule.endpoint].access_rule != "public"
    }
    assert pages - NO_PAGES - STEPPED == set(addresses(app, town))


@pytest.fixture
def page(served: tuple[Flask, Town], browser: Browser) -> Iterator[Page]:
    """A page of the lead, signed in; nothing may complain in it."""
    app, town = served
    for opened in watching(browser, app.config["BASE_URL"]):
        page = opened.page(DESKTOP)
        page.on("console", lambda line, faults=opened.faults: complaint(line) and faults.append(line.text))
        page.goto(sign_in_link(town.signed_in_with()))
        page.locator("main form .button").click()
        page.wait_for_url("**/rounds")
        yield page


def complaint(line: ConsoleMessage) -> bool:
    """Whether the console says that something is wrong; a form sent back with its errors is an answer like others."""
    return line.type == "error" and "status of 422" not in line.text


@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("ar", PHONE)], ids=["en", "ar"])
def test_every_page(served: tuple[Flask, Town], page: Page, language: str, size: ViewportSize) -> None:
    """Each size is looked at by axe once; on a phone, pages have to fit in both languages."""
    app, town = served
    faults = []
    page.goto(f"/rounds?language={language}")
    paths = [path for found in addresses(app, town).values() for path in found]
    for path in (*paths, f"/class/{town.class_page}", *OUTSIDE):
        try:
            look_at(page, path, language, size)
        except AssertionError as fault:
            faults.append(f"{path}: {str(fault)[:600]}")
    assert not faults, "\n".join(faults)


def reached(page: Page) -> bool:
    """Whether Tab comes to the main button, and shows that it is there."""
    page.evaluate(
        "button => document.addEventListener('focusin', ({ target }) => {"
        " window.reached ||= target.matches(button) && getComputedStyle(target).outlineStyle !== 'none'; })",
        PRIMARY,
    )
    for _ in range(MOST_TABS // TABS_AT_ONCE):
        for _ in range(TABS_AT_ONCE):
            page.keyboard.press("Tab")
        if page.evaluate("window.reached"):
            return True
    return False


def look_at(page: Page, path: str, language: str, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200
    html = answer.text()
    root = parsed(html)
    assert "style=" not in html
    headings = [int(node.tag[1]) for node in root.iter() if node.tag in ("h1", "h2", "h3", "h4")]
    assert headings.count(1) == 1, headings
    if "/preview/" not in path:
        expect(page.locator("html")).to_have_attribute("lang", language)
    main = page.locator(PRIMARY).filter(visible=True).count()
    assert main <= 1, "more than one main button"
    clean(page)
    if size == DESKTOP:
        assert not main or reached(page), "the keyboard does not reach the main button"
        page.set_viewport_size(PHONE)
        fits(page)


def test_what_is_wrong_stands_on_top_and_beside_the_field(served: tuple[Flask, Town], page: Page) -> None:
    """Forms sent empty: the summary takes the focus and leads to the field."""
    app, town = served
    found = addresses(app, town)
    paths = [
        found[name][0] for name in ("assessments.new", "members.invite", "mailing.bounced", "mailing.add")
    ]
    paths += [*found["classes.new"], *found["comparison.leave_batch_out"], *found["passkeys.new"]]
    paths += [found["privacy.contact"][0]]
    page.set_viewport_size(PHONE)
    for path in paths:
        page.goto(path)
        page.locator(PRIMARY).click()
        expect(page.locator("#problem")).to_be_focused()
        clean(page)
        page.locator("#problem a").first.click()
        target = page.evaluate("document.activeElement.id || document.activeElement.closest('fieldset')?.id")
        assert page.url.endswith(f"#{target}"), f"{path}: {page.url} leads to {target}"
