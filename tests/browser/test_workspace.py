"""A city lead's whole way from the first sign-in to the report, with the real service, its worker and a mail server."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Service, Watched
from tests.browser.steps import (
    address_in,
    answer,
    answer_with_the_keyboard,
    follow,
    go_on,
    letters,
    press,
    said,
    sent,
    sheet,
    sign_in,
    until,
)
from tests.reports.checker import text_of

LEAD = "lead@northport.example"
CITY = [f"office-{n}@northport.example" for n in range(1, 7)]
PROVIDERS = [f"school-{n}@courses.example" for n in range(1, 8)]
LIST = [
    ("E-mail", "Group", "Language", "Name", "Telephone"),
    *[(address, "City administration", "English", f"Office {n}", "1") for n, address in enumerate(CITY, 1)],
    (PROVIDERS[0], "providers", "العربية", "", ""),
    *[(address, "providers", "en", "", "") for address in PROVIDERS[1:]],
    ("school-1@courses.example", "providers", "en", "once more", ""),
    ("no address at all", "providers", "en", "", ""),
    ("friend@courses.example", "Football clubs", "en", "", ""),
    ("teacher@courses.example", "providers", "Klingon", "", ""),
]
KEPT = "The evening course is very good."
HIDDEN = "Mrs Miller in room 12 is never there."


def test_from_the_first_sign_in_to_the_report(in_service: Watched, service: Service, tmp_path: Path) -> None:
    service.command("user", "add", LEAD, "--city", "Northport")
    page = in_service.page(DESKTOP)
    sign_in(page, service, LEAD)
    set_up(page)
    open_round(page)
    invite_by_mail(page, service)
    codes = make_codes(page)
    people_answer(in_service, service, codes)
    watch_the_field(page)
    remind(page, service)
    close(page)
    show_results(page)
    moderate(page)
    report(page, tmp_path)
    look_at_the_log(page)
    press(page, "Sign out")
    page.goto("/rounds")
    expect(page).to_have_url(re.compile("/sign-in"))
    written = (service.folder / "log").read_text()
    for letter in (letter for address in (LEAD, *CITY, *PROVIDERS) for letter in letters(service, address)):
        for key in re.findall(r"/(?:i|stop|sign-in)/([^/?\s]+)", letter):
            assert key not in written, "a key stands in the log of the service"
    assert not set(codes) & set(re.findall(r"\w+", written))
    assert "Traceback" not in written


def test_the_shortest_way_to_the_first_invitation(in_service: Watched, service: Service) -> None:
    """All as it is suggested: each `press` and `follow` leads to a page, each `fill`, `check` and choice is a field."""
    service.command("user", "add", "new@southport.example", "--city", "Southport")
    page = in_service.page(DESKTOP)
    sign_in(page, service, "new@southport.example")
    follow(page, "New round")
    page.get_by_label("Name of the round").fill("Spring")
    press(page, "Start setting up")
    for _name_factors_groups in range(3):
        press(page, "Save and go on")
    for draft in ("Deutsch", "العربية"):
        page.get_by_label(f"{draft}: I know that no native speaker has checked it").check()
    for _languages_texts_questions in range(3):
        press(page, "Save and go on")
    press(page, "Open the round")
    follow(page, "Invitations and reminders")
    follow(page, "Add people")
    page.get_by_label("Or paste the rows here").fill("first@southport.example")
    page.get_by_label("Group, where a row names none").select_option("Course providers")
    page.get_by_label("Language, where a row names none").select_option("English")
    press(page, "Check the list")
    press(page, "Add the 1 good row")
    press(page, "Send 1 invitation")
    until(page, lambda: letters(service, "first@southport.example"))


def set_up(page: Page) -> None:
    follow(page, "New round")
    press(page, "Start setting up")
    expect(page.locator(".problem")).to_contain_text("Name of the round")
    page.get_by_label("Name of the round").fill("Spring")
    press(page, "Start setting up")

    last_day = datetime.now(UTC).date() + timedelta(weeks=5)
    page.get_by_label("Last day to answer").fill(last_day.isoformat())
    page.get_by_label("First question").fill("Who is left outside?")
    press(page, "Save and go on")

    page.get_by_label("Some factors").check()
    for factor in page.locator(".some input").all():
        factor.set_checked(factor.get_attribute("value") in ("f3", "f5", "f7"))
    press(page, "Save and leave")
    said(page, "Saved.")
    follow(page, "Spring")
    follow(page, "Go on setting up")

    for group in ("Migrant organisations", "Employers"):
        page.get_by_role("checkbox", name=group).uncheck()
    for group, number in {"city": "6", "providers": "7", "learners": "6"}.items():
        page.locator(f"#{group}-expected").fill(number)
    press(page, "Save and show what these numbers can tell")
    expect(page.locator("main")).to_contain_text("a difference of two steps is found")
    press(page, "Save and go on")

    page.get_by_role("checkbox", name="Deutsch").first.uncheck()
    press(page, "Save and go on")
    expect(page.locator(".problem")).to_contain_text("Say that you know this, or leave the language out.")
    page.get_by_label("العربية: I know that no native speaker has checked it").check()
    press(page, "Save and go on")
    page.get_by_label("Contact (English)").fill("Courses office, courses@northport.example")
    press(page, "Save and go on")
    press(page, "Save and go on")


def open_round(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Ready to open")
    expect(page.locator("main")).to_contain_text("Nobody is invited yet")
    expect(page.locator("main")).to_contain_text(
        "العربية: the translation is a draft. The report will say so."
    )
    press(page, "Open the round")
    said(page, "The round is open.")


def invite_by_mail(page: Page, service: Service) -> None:
    follow(page, "Mail")
    follow(page, "Add people")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("A file").set_input_files(
        {"name": "list.xlsx", "mimeType": kind, "buffer": sheet(LIST)}
    )
    press(page, "Check the list")
    expect(page.locator("main")).to_contain_text("13 rows are good. 4 rows cannot be used.")
    expect(page.locator("main")).to_contain_text("This column is not used: Telephone")
    faults = page.locator("section[aria-labelledby=faults] tbody tr")
    for row, told in zip(
        faults.all(),
        (
            "stands in line 8 already",
            "not an e-mail address",
            "“Football clubs” is not part",
            "“Klingon” is not offered",
        ),
        strict=True,
    ):
        expect(row).to_contain_text(told)
    press(page, "Add the 13 good rows")
    said(page, "13 people were added")

    follow(page, "What the mail says")
    text = page.get_by_label("The invitation", exact=True)
    original = text.input_value()
    text.fill(original.replace("{link}", ""))
    press(page, "Save")
    expect(page.locator(".problem")).to_contain_text("{link} is missing")
    text.fill(original.replace("Thank you", "Your answer counts. Thank you"))
    press(page, "Save")
    press(page, "Send both to me as a test")
    until(page, lambda: any("Your answer counts." in letter for letter in letters(service, LEAD)))

    follow(page, "Back to the list")
    press(page, "Send 13 invitations")
    said(page, "13 invitations are on their way")
    until(page, lambda: all(letters(service, address) for address in CITY + PROVIDERS))
    assert "Hello Office 1," in letters(service, CITY[0])[0]
    assert "Your answer counts." in letters(service, PROVIDERS[1])[0]
    assert re.search("[؀-ۿ]{3}", letters(service, PROVIDERS[0])[0]), "in their own language"
    until(page, lambda: page.reload() and page.locator(".filters", has_text="sent 13").count())


def make_codes(page: Page) -> list[str]:
    follow(page, "Classes and paper")
    follow(page, "Make codes for a class")
    page.get_by_label("Name of the class").fill("Monday class")
    page.get_by_label("How many codes?").fill("6")
    press(page, "Make the codes")
    said(page, "“Monday class” is ready.")
    with page.expect_download() as download:
        follow(page, "All codes with their addresses, for mail merge (CSV)")
    rows = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()[1:]
    assert len(rows) == 6
    return [row.split(",")[0] for row in rows]


def people_answer(in_service: Watched, service: Service, codes: list[str]) -> None:
    """Six of the city, five of seven providers, one of whom stops half-way, and a class of six."""
    invited = {address: address_in(letters(service, address)[0], "i") for address in CITY + PROVIDERS}
    answer_with_the_keyboard(in_service.page(PHONE), invited[CITY[0]], KEPT)
    for place, address in enumerate(CITY[1:]):
        answer(in_service.visitor(), invited[address], 3, {"x-best": HIDDEN} if place == 0 else None)
    for address in PROVIDERS[:5]:
        answer(in_service.visitor(), invited[address], 1)
    answer(in_service.visitor(), invited[PROVIDERS[5]], 1, send=False)
    type_a_code(in_service.page(PHONE), codes[0])
    for code in codes[1:]:
        answer(in_service.visitor(), f"/join/{code.replace('-', '').replace(' ', '')}", 0)


def type_a_code(page: Page, code: str) -> None:
    """In Arabic, on a telephone that goes on to the next person."""
    page.goto("/join?language=ar")
    page.locator("#code").fill(code.lower())
    page.locator("main form .button").click()
    page.locator("main form .button").click()
    page.wait_for_url("**/answer/*")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    while "/review" not in page.url:
        if page.locator(".choice").count():
            page.locator(".choice").first.click()
        go_on(page)
    sent(page)
    page.locator("form[action$=next-person] button").click()
    page.wait_for_url("**/join")


def watch_the_field(page: Page) -> None:
    follow(page, "Overview")
    for group, invited, started, answered in (
        ("City administration", "6", "0", "6"),
        ("Course providers", "7", "1", "5"),
        ("Learners", "6", "0", "6"),
    ):
        cells = (
            page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=group)).get_by_role("cell")
        )
        expect(cells.nth(0)).to_contain_text(invited)
        expect(cells.nth(1)).to_contain_text(started)
        expect(cells.nth(2).locator("b")).to_have_text(answered)
        expect(cells.nth(3)).to_contain_text("Enough to be shown.")
    expect(page.locator("main")).to_contain_text("Next reminder")
    expect(page.locator("main")).not_to_contain_text(re.compile("Not at all|Mostly"))


def remind(page: Page, service: Service) -> None:
    follow(page, "Mail")
    follow(page, "Reminders")
    expect(page.locator(".done-list li")).to_have_count(3)
    page.get_by_label("Third reminder").fill("")
    press(page, "Save")
    said(page, "The reminders are planned.")
    press(page, "Send a reminder now")
    said(page, "2 reminders are on their way.")
    silent = PROVIDERS[5:]
    until(page, lambda: all(len(letters(service, address)) == 2 for address in silent))
    until(page, lambda: page.reload() and page.locator(".done-list", has_text="sent to 2 people").count())
    assert "There is still time" in letters(service, silent[0])[1]
    assert address_in(letters(service, silent[0])[1], "i") == address_in(letters(service, silent[0])[0], "i")
    assert all(len(letters(service, address)) == 1 for address in CITY + PROVIDERS[:5])


def close(page: Page) -> None:
    follow(page, "Dates and state")
    follow(page, "Close this round")
    expect(page.locator("main")).to_contain_text("1 person has begun and not sent yet.")
    press(page, "Close the round now")
    said(page, "The round is closed.")


def show_results(page: Page) -> None:
    follow(page, "Overview")
    expect(page.locator(".matrix")).to_have_count(0)
    press(page, "Show the results")
    said(page, "The results are open now.")
    expect(page.locator(".matrix tbody tr")).to_have_count(3)
    for text in (KEPT, HIDDEN):
        expect(page.locator("main")).not_to_contain_text(text)
    expect(page.locator("main")).to_contain_text("2 comments wait for you")


def moderate(page: Page) -> None:
    follow(page, "Read the comments")
    for text, button, told in ((KEPT, "Keep", "Kept."), (HIDDEN, "Hide", "Hidden.")):
        page.locator(".desk > li", has_text=text).get_by_role("button", name=button).click()
        said(page, told)
    expect(page.locator("main")).to_contain_text("2 of 2 decided")
    follow(page, "Overview")
    expect(page.locator("main")).to_contain_text(KEPT)
    expect(page.locator("main")).not_to_contain_text("Miller")


def report(page: Page, folder: Path) -> None:
    follow(page, "Report")
    press(page, "Make version 1 final")
    said(page, "Version 1 is made.")
    press(page, "Make the file")
    download = page.get_by_role("link", name="Download (PDF)")
    expect(download).to_be_visible(timeout=60_000)
    file = folder / "report.pdf"
    file.write_bytes(page.request.get(download.get_attribute("href") or "").body())
    words = " ".join(text_of(file).split())
    for told in (
        KEPT,
        "Northport",
        "Who is left outside?",
        "Working together",
        "draft translation in these languages: Arabic",
    ):
        assert told in words
    assert "Miller" not in words
    assert "Public backing" not in words, "the factor was not asked about"


def look_at_the_log(page: Page) -> None:
    follow(page, "People")
    page.get_by_role("link", name="What was done").click()
    log = page.locator("table.log")
    for done in (
        "Made the round", "Opened the round", "Added addresses", "Changed the wording of mail", "Sent mail",
        "Made codes for a class", "Changed the reminders", "Closed the round",
        "Looked at results for the first time", "Kept a comment", "Hid a comment",
    ):  # fmt: skip
        expect(log).to_contain_text(done)
    for secret in (*CITY, *PROVIDERS, KEPT):
        expect(log).not_to_contain_text(secret)
