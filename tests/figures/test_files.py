"""The figures as files: the same in each of them, no more than the public edition shows, the same bytes each time."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from surveyapp.analysis.overview import mean_shares, strongest_and_weakest
from surveyapp.database import db
from surveyapp.figures.bundle import ALL, DATASET, MEDIA_TYPES, file
from surveyapp.figures.packing import unpacked
from surveyapp.models.figures import figures_csv, figures_json
from surveyapp.models.perspectives import RoundPerspectives, round_perspectives
from tests.builders import lead
from tests.cli.conftest import Console
from tests.comparison.closed import closed_round, sign_in
from tests.comparison.test_perspectives import recount
from tests.figures.rounds import at_random
from tests.moderation.said import say

PAGE = "/rounds/autumn/figures"
AUTHORITY = "http://publications.europa.eu/resource/authority"
Line = tuple[str, ...]


@pytest.fixture
def closed(app: Flask) -> RoundPerspectives:
    return round_perspectives(closed_round())


def lines(text: str) -> list[Line]:
    return [tuple(row) for row in csv.reader(io.StringIO(text))][1:]


def flattened(document: dict) -> Iterator[Line]:
    """The JSON as lines of the CSV, but for places in an order, which it tells by order."""
    round_, details = document["round"], document["details"]
    for measure in ("key", "benchmark", "closed_on", "snapshot", "scale", "threshold", "self_group"):
        yield "round", "", "", "", "", measure, round_[measure]
    for measure in ("people", "invited", "expected", "people_left_out"):
        for group, value in round_[measure].items():
            yield "round", "", "", group, "", measure, value
    for group in document["voices_missing"]:
        yield "round", "", "", group, "", "voice_missing", "yes"
    for position, (factor, found) in enumerate(document["factors"].items(), 1):
        also = details[factor]
        own = {"position": position, "reason_groups": " ".join(found["reason_groups"]) or None}
        own |= {name: found[name] for name in ("label", "tier", "agenda_position", "reason", "W", "B", "T")}
        own |= {name: also[name] for name in ("mean_in_place", "stands_apart")}
        for end in ("strongest", "weakest"):
            own[end] = round_[end].index(factor) + 1 if factor in round_[end] else None
        for measure, value in own.items():
            yield "factor", factor, "", "", "", measure, value
        for group, view in found["groups"].items():
            for measure, value in told_of(view, also["dont_know"].get(group)).items():
                yield "group", factor, "", group, "", measure, value
        for pair in found["pairs"]:
            for measure, value in pair.items():
                if measure != "groups":
                    yield "pair", factor, "", *pair["groups"], measure, value
        for gap in found["awareness_gaps"]:
            for measure in ("higher", "difference"):
                yield "awareness_gap", factor, "", *gap["groups"], measure, gap[measure]
        for measure, value in (found["self_view"] or {}).items():
            yield "self_view", factor, "", "", "", measure, value
        for group, questions in also["questions"].items():
            for question, view in questions.items():
                for measure, value in view.items():
                    yield "question", factor, question, group, "", measure, value


def told_of(view: dict, dont_know: str | None) -> dict:
    told = {name: value for name, value in view.items() if name not in ("shown", "chart", "many_dont_know")}
    if view["shown"]:
        told["many_dont_know"] = "yes" if view["many_dont_know"] else "no"
        told["dont_know"] = dont_know
        told |= {f"share_{code}": share for code, share in enumerate(view["chart"] or ())}
    return told


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_json_and_csv_hold_the_same_figures(closed: RoundPerspectives, seed: int | None) -> None:
    told = closed if seed is None else at_random(closed, seed)
    in_json = [
        (*line[:6], str(line[6])) for line in flattened(json.loads(figures_json(told))) if line[6] is not None
    ]
    assert len(in_json) > 1500
    assert sorted(in_json) == sorted(lines(figures_csv(told)))


def test_the_order_in_the_file_is_that_of_the_report(closed: RoundPerspectives) -> None:
    told = lines(figures_csv(closed))
    for measure, order in zip(("strongest", "weakest"), strongest_and_weakest(closed.findings), strict=True):
        places = {line[1]: line[6] for line in told if line[5] == measure}
        assert places == {factor: str(place) for place, factor in enumerate(order, 1)}
        assert places
    apart = {line[1]: line[6] for line in told if line[5] == "stands_apart"}
    assert apart == {
        key: found.stands_apart for key, found in closed.findings.factors.items() if found.stands_apart
    }


def test_a_mean_over_groups_is_told_only_where_every_share_is_a_number(closed: RoundPerspectives) -> None:
    assert mean_shares(closed.findings) == {}, "small groups of persons and departments are told in words"
    large = at_random(closed, 1, smallest=200)
    found = large.findings.factors["f5"]
    shares = [view.in_place.percent for view in found.groups.values()]
    assert abs(mean_shares(large.findings)["f5"].percent - sum(shares) / 5) <= 0.5
    assert len(mean_shares(large.findings)) == 9


def test_the_command_prints_the_same_bytes(surveyapp: Console, app: Flask, client: FlaskClient) -> None:
    round_ = closed_round()
    sign_in(client, lead(round_.city))
    for form in ("csv", "json"):
        printed = surveyapp("findings", "autumn", "--format", form)
        assert client.get(f"{PAGE}/figures.{form}", follow_redirects=True).data == printed.encode()
    assert client.get(f"{PAGE}.csv").data == surveyapp("findings", "autumn", "--format", "csv").encode()


@pytest.mark.parametrize("name", MEDIA_TYPES)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_same_figures_give_the_same_bytes_whoever_asks(
    app: Flask, client: FlaskClient, name: str, language: str
) -> None:
    round_ = closed_round()
    sign_in(client, lead(round_.city, role="viewer"))
    address = f"{PAGE}/{name}?language=de&report_language={language}"
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.mimetype == MEDIA_TYPES[name]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="autumn-{name}"'
    assert answer.data == file(round_perspectives(round_), name, language)
    assert b"lead@example.org" not in answer.data


def test_the_download_holds_every_file(closed: RoundPerspectives) -> None:
    held = unpacked(file(closed, ALL, "ar"))
    assert set(held) == {"README.txt", *MEDIA_TYPES} - {ALL}
    for name, data in held.items():
        assert name == "README.txt" or data == file(closed, name, "ar")
    readme = held["README.txt"].decode()
    assert all(name in readme for name in held if name != "README.txt")
    assert closed.snapshot in readme
    assert max(map(len, readme.splitlines())) < 100


def test_every_measure_code_and_key_is_in_the_codebook(closed: RoundPerspectives) -> None:
    book = lines(file(closed, "codebook.csv", "en").decode("utf-8-sig"))
    assert all(entry[3] for entry in book), "each has a meaning"
    rules = {entry[1] for entry in book if entry[0] == "rule"}
    measures = {(of, entry[1]) for entry in book if entry[0] == "measure" for of in entry[2].split()}
    codes = {code for entry in book if entry[0] == "code" for code in entry[1].split(", ")}
    keys = {entry[1] for entry in book if entry[0] in ("group", "factor", "question")}
    assert {code for entry in book for code in entry[5].split() if code[:1] == "P"} >= {
        "P1",
        "P2",
        "P7",
        "P8",
    }
    assert {code.strip(":") for entry in book for code in entry[5].split() if code[:1] == "P"} <= rules
    words = {"yes", "no"}
    for told in (closed, *(at_random(closed, seed) for seed in range(6))):
        for about, factor, question, group, other, measure, value in lines(figures_csv(told)):
            name = "share_0, share_1, ..." if measure.startswith("share_") else measure
            assert (about, name) in measures
            assert {factor, question, group, other} - {""} <= keys
            if about != "round" and not any(sign.isdigit() for sign in value):
                assert set(value.split()) <= codes | keys | words, value
    wording = {entry[1]: entry[3] for entry in book if entry[0] == "question"}
    assert wording["f5-lea-1"] == "Was it easy to find information about courses?"


def test_the_metadata_are_those_that_a_portal_asks_for(app: Flask, closed: RoundPerspectives) -> None:
    """DCAT-AP 3: what is mandatory or recommended of a dataset and its distributions, each with its type."""
    data = json.loads(file(closed, DATASET, "en"))
    prefixes = data["@context"]
    assert all(isinstance(address, str) and address.endswith(("#", "/")) for address in prefixes.values())
    for name in names(data):
        assert name.startswith("@") or name.split(":")[0] in prefixes, name
    assert data["@type"] == "dcat:Dataset"
    for texts in ("dct:title", "dct:description", "dcat:keyword"):
        assert {said["@language"] for said in data[texts]} == {"en", "de", "ar"}
        assert all(said["@value"] for said in data[texts])
    assert "Jede Gruppe zählt gleich viel" in data["dct:description"][1]["@value"]
    assert {"@id": f"{AUTHORITY}/data-theme/SOCI"} in data["dcat:theme"]
    assert [one["@id"].removeprefix(f"{AUTHORITY}/language/") for one in data["dct:language"]] == [
        "ENG", "DEU", "ARA",
    ]  # fmt: skip
    assert (data["dct:publisher"]["@type"], data["dct:publisher"]["foaf:name"]) == ("foaf:Agent", "Testville")
    assert data["dcat:contactPoint"]["vcard:hasEmail"] == {"@id": f"mailto:{app.config['CONTACT']}"}
    assert data["dct:temporal"]["dcat:endDate"] == {"@type": "xsd:date", "@value": "2026-10-30"}
    assert data["dct:spatial"]["@type"] == "dct:Location"
    assert [one["dct:title"] for one in data["dcat:distribution"]] == [
        "figures.csv", "figures.json", "figures.xlsx", "codebook.csv",
    ]  # fmt: skip
    for one in data["dcat:distribution"]:
        described = file(closed, one["dct:title"], "en")
        assert one["@type"] == "dcat:Distribution"
        assert one["dcat:accessURL"] == {"@id": one["dct:title"]}
        assert one["dct:license"] == {"@id": f"{AUTHORITY}/licence/CC_BY_4_0"}
        assert one["dct:format"]["@id"].startswith(f"{AUTHORITY}/file-type/")
        assert one["dcatap:availability"]["@id"].startswith(f"{AUTHORITY}/planned-availability/")
        assert one["dct:description"]["@value"]
        assert one["dcat:byteSize"] == {"@type": "xsd:nonNegativeInteger", "@value": str(len(described))}
        assert one["spdx:checksum"] == {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": hashlib.sha256(described).hexdigest()},
        }


def names(node: object) -> Iterator[str]:
    """Every name of a JSON document but for those of the context."""
    if isinstance(node, dict):
        yield from node
        for name, inner in node.items():
            yield from () if name == "@context" else names(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from names(inner)


def test_a_telephone_number_is_a_contact_too(app: Flask, closed: RoundPerspectives) -> None:
    app.config["CONTACT"] = "+49 201 555 010"
    contact = json.loads(file(closed, DATASET, "en"))["dcat:contactPoint"]
    assert contact["vcard:hasTelephone"] == {"@id": "tel:+49201555010"}
    assert "vcard:hasEmail" not in contact


def test_an_invented_city_says_so(closed: RoundPerspectives) -> None:
    closed.round_.city.invented = True
    held = unpacked(file(closed, ALL, "en"))
    assert "Sample: everything is invented." in held["README.txt"].decode()
    assert "Sample: everything is invented." in held[DATASET].decode()


def test_the_page_leads_to_every_file(app: Flask, client: FlaskClient) -> None:
    sign_in(client, lead(closed_round().city))
    assert f'href="{PAGE}"' in client.get("/rounds/autumn").text
    page = client.get(PAGE).text
    for name in MEDIA_TYPES:
        address = f"{PAGE}.csv" if name == "figures.csv" else f"{PAGE}/{name}"
        assert f'"{address}"' in page
    for wrong in (f"{PAGE}/secret.txt", f"{PAGE}/../views.py", f"{PAGE}/figures.xlsx?report_language=xx"):
        assert client.get(wrong).status_code == 404


def test_nothing_is_given_out_before_the_results_are_shown(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round()
    round_.shown_on = None
    db.session.commit()
    sign_in(client, lead(round_.city))
    for address in (PAGE, f"{PAGE}.csv", *(f"{PAGE}/{name}" for name in MEDIA_TYPES)):
        assert client.get(address, follow_redirects=True).status_code == 404


def test_a_hidden_group_changes_not_one_byte_of_any_file(app: Flask) -> None:
    round_ = closed_round()
    before = file(round_perspectives(round_), ALL, "en")
    recount(round_, "employers", factor="f8", counts={"1": 0, "2": 3})
    assert file(round_perspectives(round_), ALL, "en") == before
    recount(round_, "learners", factor="f5", counts={"0": 10})
    assert file(round_perspectives(round_), ALL, "en") != before


def test_comments_stand_in_the_workbook_once_they_are_released_and_nowhere_else(app: Flask) -> None:
    round_ = closed_round()
    say(round_, "learners", {"f5": "WAITING"})
    say(round_, "learners", {"f5": "HIDDEN"}, state="hidden")
    said = say(round_, "learners", {"f5": "RELEASED"}, state="kept")["f5"]
    held = unpacked(file(round_perspectives(round_), ALL, "en"))
    held |= {f"xlsx/{name}": data for name, data in unpacked(held["figures.xlsx"]).items()}
    where = {word: {name for name, data in held.items() if word.encode() in data} for word in
             ("WAITING", "HIDDEN", "RELEASED", said.key, said.response_id)}  # fmt: skip
    assert where == {
        "WAITING": set(), "HIDDEN": set(), "RELEASED": {"xlsx/xl/worksheets/sheet4.xml"},
        said.key: set(), said.response_id: set(),
    }  # fmt: skip


def test_a_round_without_days_or_texts_is_described_all_the_same(closed: RoundPerspectives) -> None:
    closed.round_.opened_on, closed.round_.shown_on, closed.round_.texts = None, None, {}
    closed.round_.closed_on = date(2026, 10, 30)
    data = json.loads(file(replace(closed, prose=replace(closed.prose, texts={})), DATASET, "en"))
    assert "dcat:startDate" not in data["dct:temporal"]
    assert "dct:issued" not in data
    assert data["dcat:contactPoint"]["vcard:note"] == []


def test_the_scripts_in_the_download_are_those_that_are_tested(closed: RoundPerspectives) -> None:
    held = unpacked(file(closed, ALL, "en"))
    folder = Path(__file__).parents[2] / "surveyapp" / "figures"
    for name in ("recompute.py", "recompute.R"):
        assert held[name] == (folder / name).read_bytes()
