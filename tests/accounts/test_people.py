"""Who works for a city: invited, given another role, taken out; always by a lead of this city, always logged."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from surveyapp.accounts.actions import add_member
from surveyapp.accounts.links import sign_in_link
from surveyapp.database import db
from surveyapp.models import AuditEntry, Membership, User
from tests.accounts.conftest import LEAD, city, is_in, signed_in, user
from tests.accounts.mailbox import Mailbox
from tests.accounts.test_codes import set_up

COLLEAGUE = "ana@testville.example"


def path(rest: str = "") -> str:
    return f"/cities/{city().id}/people{rest}"


def member(address: str, city_name: str = "Testville") -> Membership:
    db.session.rollback()
    db.session.expire_all()
    found = (
        select(Membership).join(User).where(User.email == address, Membership.city_id == city(city_name).id)
    )
    return db.session.scalars(found).one()


def invite(client: FlaskClient, address: str = COLLEAGUE, role: str = "viewer") -> int:
    return client.post(path("/invite"), data={"email": address, "role": role}).status_code


def link_in(mailbox: Mailbox) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/sign-in/invited/\S+)", mailbox.messages[-1].get_content())
    assert found
    return found.group(1)


def logged() -> list[tuple[str, str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.who, row.action, row.about) for row in rows]


def added(address: str, role: str = "lead", city_name: str = "Testville") -> User:
    who = add_member(address, city_name, role)
    db.session.commit()
    return who


def test_from_the_invitation_to_the_workspace(each_app: Flask, mailbox: Mailbox) -> None:
    lead = signed_in(each_app)
    assert invite(lead, f" {COLLEAGUE.upper()} ") == 303
    assert f"on its way to {COLLEAGUE}" in lead.get(path()).text
    [message] = mailbox.messages
    assert message["To"] == COLLEAGUE
    assert "Testville" in message["Subject"]
    assert "Viewer" in message.get_content()
    newcomer, way = each_app.test_client(), link_in(mailbox)
    for _ in range(2):
        page = newcomer.get(way)
        assert "Welcome to Testville" in page.text, "mail scanners do not use it up"
    assert newcomer.post(way).location == "/rounds"
    assert is_in(newcomer)
    assert "Your role: Viewer." in newcomer.get("/people").text
    for answer in (newcomer.get(way), newcomer.post(way)):
        assert answer.status_code == 410, "it works once"
    assert logged() == [
        (LEAD, "people.invited", f"{COLLEAGUE}: viewer"),
        (COLLEAGUE, "people.joined", ""),
    ]


def test_an_invitation_lasts_seven_days_and_can_be_sent_again(app: Flask, mailbox: Mailbox) -> None:
    with time_machine.travel("2026-10-01T08:00:00Z", tick=False) as clock:
        invite(signed_in(app))
        way = link_in(mailbox)
        clock.shift(timedelta(days=7))
        assert app.test_client().get(way).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert app.test_client().get(way).status_code == 410
        assert app.test_client().post(way).status_code == 410
        again = signed_in(app).post(path(f"/{member(COLLEAGUE).id}/invite-again"))
        assert again.location == path()
        assert app.test_client().post(link_in(mailbox)).status_code == 303
    assert (LEAD, "people.invited_again", COLLEAGUE) in logged()


def test_links_of_one_kind_do_not_open_the_other(app: Flask, mailbox: Mailbox) -> None:
    invite(signed_in(app))
    token = link_in(mailbox).rsplit("/", 1)[1]
    assert app.test_client().post(f"/sign-in/{token}").status_code == 410
    other = sign_in_link(user(COLLEAGUE)).rsplit("/", 1)[1]
    assert app.test_client().post(f"/sign-in/invited/{other}").status_code == 410
    for spoilt in (token[:-2], token + "A", "x", "a.b.c", "%00"):
        assert app.test_client().post(f"/sign-in/invited/{spoilt}").status_code == 410


def test_an_invitation_taken_back_is_worth_nothing(app: Flask, mailbox: Mailbox) -> None:
    lead = signed_in(app)
    invite(lead)
    lead.post(path(f"/{member(COLLEAGUE).id}/remove"))
    newcomer = app.test_client()
    assert newcomer.post(link_in(mailbox)).status_code == 410
    assert not is_in(newcomer)


def test_an_invitation_does_not_get_around_the_second_step(app: Flask, mailbox: Mailbox) -> None:
    added(COLLEAGUE, "lead", "Otherton")
    set_up(signed_in(app, COLLEAGUE))
    invite(signed_in(app))
    newcomer = app.test_client()
    assert newcomer.post(link_in(mailbox)).location == "/sign-in/code"
    assert not is_in(newcomer)


def test_somebody_of_another_city_joins_without_being_given_away(app: Flask, mailbox: Mailbox) -> None:
    added(COLLEAGUE, "lead", "Otherton")
    signed_in(app, COLLEAGUE)
    lead = signed_in(app)
    known, new = "ana@testville.example", "new@testville.example"
    pages = []
    for address in (known, new):
        assert invite(lead, address) == 303
        pages.append(lead.get(path()).text)
        row = member(address)
        pages.append(lead.get(path(f"/{row.id}")).text.replace(address, "").replace(str(row.id), ""))
    assert "Otherton" not in "".join(pages)
    page = signed_in(app, known).get("/people").text
    assert "Otherton" in page
    assert "Testville" in page
    assert page.index("Otherton") < page.index("Testville")


@pytest.mark.parametrize(
    ("data", "beside"),
    [
        ({"email": "", "role": "viewer"}, "email"),
        ({"email": "nobody", "role": "viewer"}, "email"),
        ({"email": "a b@c.example", "role": "viewer"}, "email"),
        ({"email": LEAD.upper(), "role": "viewer"}, "email"),
        ({"email": COLLEAGUE, "role": ""}, "role"),
        ({"email": COLLEAGUE, "role": "mayor"}, "role"),
        ({"email": COLLEAGUE}, "role"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(
    app: Flask, mailbox: Mailbox, data: dict[str, str], beside: str
) -> None:
    answer = signed_in(app).post(path("/invite"), data=data)
    assert answer.status_code == 422
    assert f'id="{beside}-error"' in answer.text
    assert f'href="#{beside}"' in answer.text
    assert f'value="{data["email"]}"' in answer.text, "nothing typed is lost"
    assert mailbox.messages == []
    assert logged() == []
    assert len(db.session.scalars(select(Membership)).all()) == 1


def test_a_mail_server_that_is_away_is_said(app: Flask) -> None:
    lead = signed_in(app)
    app.config["MAIL_URL"] = "smtp://127.0.0.1:1"
    assert invite(lead) == 303
    assert "the mail could not be sent" in lead.get(path()).text
    assert member(COLLEAGUE).role == "viewer"


def test_a_role_is_changed(each_app: Flask) -> None:
    added(COLLEAGUE, "viewer")
    lead, colleague = signed_in(each_app), signed_in(each_app, COLLEAGUE)
    assert colleague.get(path()).status_code == 404
    number = member(COLLEAGUE).id
    page = lead.get(path(f"/{number}")).text
    assert 'value="viewer" checked' in page
    assert page.count('type="radio"') == 4
    assert lead.post(path(f"/{number}"), data={"role": "lead"}).location == path()
    assert colleague.get(path()).status_code == 200, "at once"
    assert lead.post(path(f"/{number}"), data={"role": "boss"}).status_code == 422
    lead.post(path(f"/{number}"), data={"role": "lead"})
    assert logged() == [(LEAD, "people.role", f"{COLLEAGUE}: lead")], "what changes nothing is not logged"


def test_the_last_lead_stays(each_app: Flask) -> None:
    added(COLLEAGUE, "viewer")
    lead, number = signed_in(each_app), member(LEAD).id
    answer = lead.post(path(f"/{number}"), data={"role": "viewer"})
    assert answer.status_code == 422
    assert "only lead" in answer.text
    answer = lead.post(path(f"/{number}/remove"))
    assert answer.status_code == 422
    assert "only lead" in answer.text
    assert member(LEAD).role == "lead"
    assert logged() == []


def test_two_leads_who_remove_each_other_at_once(each_app: Flask) -> None:
    added(COLLEAGUE, "lead")
    first, second, together = signed_in(each_app), signed_in(each_app, COLLEAGUE), Barrier(2)
    targets = [(first, path(f"/{member(COLLEAGUE).id}/remove")), (second, path(f"/{member(LEAD).id}/remove"))]

    def send(target: tuple[FlaskClient, str]) -> int:
        with each_app.app_context():
            together.wait()
            return target[0].post(target[1]).status_code

    with ThreadPoolExecutor(2) as pool:
        assert 303 in (answers := list(pool.map(send, targets)))
    assert set(answers) <= {303, 404, 422}
    db.session.rollback()
    leads = db.session.scalars(select(Membership).where(Membership.role == "lead")).all()
    assert len(leads) == 1


def test_leaving_is_asked_first_and_said(app: Flask) -> None:
    added(COLLEAGUE, "lead")
    lead, number = signed_in(app), member(LEAD).id
    assert "Leave Testville yourself?" in lead.get(path(f"/{number}/remove")).text
    assert "This is you." in lead.get(path(f"/{number}")).text
    assert lead.post(path(f"/{number}/remove")).location == "/people"
    page = lead.get("/people").text
    assert "You no longer work for Testville." in page
    assert "You do not work for any city" in page
    assert lead.get(path()).status_code == 404
    assert is_in(lead)


def test_being_no_lead_any_more_leads_to_a_page_one_may_see(app: Flask) -> None:
    added(COLLEAGUE, "lead")
    lead = signed_in(app)
    assert lead.post(path(f"/{member(LEAD).id}"), data={"role": "viewer"}).location == "/people"
    assert lead.get("/people").status_code == 200


def test_who_is_removed_is_out_at_once(app: Flask) -> None:
    added(COLLEAGUE, "lead")
    added(COLLEAGUE, "viewer", "Otherton")
    lead, colleague = signed_in(app), signed_in(app, COLLEAGUE)
    assert colleague.get(path()).status_code == 200
    assert lead.post(path(f"/{member(COLLEAGUE).id}/remove")).location == path()
    assert colleague.get(path()).status_code == 404
    page = colleague.get("/people").text
    assert "Otherton" in page
    assert "Testville" not in page
    assert logged() == [(LEAD, "people.removed", COLLEAGUE)]


def test_another_city_is_not_there(app: Flask, mailbox: Mailbox) -> None:
    added("boss@otherton.example", "lead", "Otherton")
    added(COLLEAGUE, "viewer")
    number, mine = member(COLLEAGUE).id, city().id
    boss = signed_in(app, "boss@otherton.example")
    others = city("Otherton").id
    for at in (mine, others):  # by the number of the city, and by the number of its member
        for rest in (f"/{number}", f"/{number}/remove", f"/{number}/invite-again"):
            address = f"/cities/{at}/people{rest}"
            if not rest.endswith("again"):
                assert boss.get(address).status_code == 404
            assert boss.post(address, data={"role": "lead"}).status_code == 404
    for rest in ("", "/invite"):
        assert boss.get(f"/cities/{mine}/people{rest}").status_code == 404
    assert (
        boss.post(f"/cities/{mine}/people/invite", data={"email": "x@y.example", "role": "lead"}).status_code
        == 404
    )
    assert COLLEAGUE not in boss.get(f"/cities/{others}/people").text
    assert mailbox.messages == []
    assert member(COLLEAGUE).role == "viewer"


@pytest.mark.parametrize("role", ["viewer", "facilitator", "translator"])
def test_only_leads_see_the_list(app: Flask, role: str) -> None:
    added(COLLEAGUE, role)
    client = signed_in(app, COLLEAGUE)
    page = client.get("/people").text
    assert path() not in page
    for rest in ("", "/invite", f"/{member(LEAD).id}", f"/{member(LEAD).id}/remove"):
        assert client.get(path(rest)).status_code == 404


def test_long_lists_are_paged_and_searched_with_few_queries(app: Flask) -> None:
    for number in range(60):
        add_member(f"person{number:02}@testville.example", "Testville", "viewer")
    db.session.commit()
    lead = signed_in(app)
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    page = lead.get(path()).text
    assert len([one for one in counted if one.startswith("SELECT")]) <= 5
    assert page.count("person") > 40
    assert "person59@" not in page
    assert "person59@" in lead.get(path("?page=2")).text
    found = lead.get(path("?q=PERSON59")).text
    assert "person59@" in found
    assert "person58@" not in found
    assert "Nobody here has such an address." in lead.get(path("?q=%25")).text
