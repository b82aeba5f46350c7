"""What an open data portal wants to know of the figures: DCAT-AP 3 as JSON-LD.

Addresses of the files are relative, so they hold wherever the files lie side by side. The context is written out, so
that nothing has to be fetched to read it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from surveyapp.charts.words import Words
from surveyapp.models.perspectives import RoundPerspectives

AUTHORITY = "http://publications.europa.eu/resource/authority"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# Codes of the Publications Office, which are those of ISO 639-3
LANGUAGES = {
    "am": "AMH", "ar": "ARA", "bg": "BUL", "ca": "CAT", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL",
    "en": "ENG", "es": "SPA", "et": "EST", "eu": "EUS", "fa": "FAS", "fi": "FIN", "fr": "FRA", "ga": "GLE",
    "gl": "GLG", "hr": "HRV", "hu": "HUN", "it": "ITA", "lt": "LIT", "lv": "LAV", "mt": "MLT", "nl": "NLD",
    "no": "NOR", "pl": "POL", "ps": "PUS", "pt": "POR", "ro": "RON", "ru": "RUS", "sk": "SLK", "sl": "SLV",
    "so": "SOM", "sq": "SQI", "sv": "SWE", "ti": "TIR", "tr": "TUR", "uk": "UKR", "ur": "URD", "zh": "ZHO",
}  # fmt: skip
# File -> code of its format at the Publications Office, media type
DISTRIBUTIONS = {
    "figures.csv": ("CSV", "text/csv"),
    "figures.json": ("JSON", "application/json"),
    "figures.xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "codebook.csv": ("CSV", "text/csv"),
}

Node = dict[str, object]


def dataset_jsonld(told: RoundPerspectives, files: Mapping[str, bytes], about: Mapping[str, str]) -> str:
    """`files` are those that are described, `about` a sentence on each in English."""
    round_ = told.round_
    languages = [language for language in round_.languages if language in told.frozen.wording]
    words = [Words(told.frozen, language) for language in languages]
    node: Node = {
        "@context": CONTEXT,
        "@id": "#dataset",
        "@type": "dcat:Dataset",
        "dct:title": [
            _said(one.language, f"{round_.city.name}: {one.text('title')}, {told.prose.title}")
            for one in words
        ],
        "dct:description": [_said(one.language, _description(told, one)) for one in words],
        "dct:identifier": f"{round_.key}-{told.snapshot[:16]}",
        "dcat:version": told.snapshot[:16],
        "dcat:keyword": [
            _said(one.language, one.factor(factor)) for one in words for factor in told.findings.factors
        ],
        "dcat:theme": [_authority("data-theme", "SOCI"), _authority("data-theme", "EDUC")],
        "dct:language": [_authority("language", LANGUAGES[one]) for one in languages if one in LANGUAGES],
        "dct:publisher": {
            "@type": "foaf:Agent",
            "foaf:name": round_.city.name,
            "dct:type": {"@id": "http://purl.org/adms/publishertype/LocalAuthority"},
        },
        "dcat:contactPoint": _contact(told),
        "dct:spatial": {"@type": "dct:Location", "skos:prefLabel": round_.city.name},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            **_day("dcat:startDate", round_.opened_on),
            **_day("dcat:endDate", round_.closed_on),
        },
        **_day("dct:issued", round_.shown_on),
        "dct:accessRights": _authority("access-right", "PUBLIC"),
        "dcat:distribution": [_distribution(name, files[name], about[name]) for name in DISTRIBUTIONS],
    }
    return json.dumps(node, ensure_ascii=False, indent=1) + "\n"


def _said(language: str, text: str) -> Node:
    return {"@language": language, "@value": text}


def _authority(table: str, code: str) -> Node:
    return {"@id": f"{AUTHORITY}/{table}/{code}"}


def _day(name: str, day: date | None) -> Node:
    return {name: {"@type": "xsd:date", "@value": day.isoformat()}} if day else {}


def _description(told: RoundPerspectives, words: Words) -> str:
    with force_locale(words.language):
        sentences = [
            words.text("standard"),
            _("Every group rated the same factors. Groups weigh the same, however many people answered."),
            _("Sample: everything is invented.") if told.round_.city.invented else "",
        ]
    return " ".join(filter(None, sentences))


def _contact(told: RoundPerspectives) -> Node:
    """The operator's address or telephone, with the city's own words for questions."""
    contact = current_app.config["CONTACT"]
    reach = (
        {"vcard:hasEmail": f"mailto:{contact}"}
        if "@" in contact
        else {"vcard:hasTelephone": f"tel:{contact}"}
    )
    texts = told.prose.texts.get("contact", {})
    return {
        "@type": "vcard:Organization",
        "vcard:fn": told.round_.city.name,
        **{name: {"@id": address.replace(" ", "")} for name, address in reach.items()},
        "vcard:note": [_said(language, text) for language, text in texts.items() if text],
    }


def _distribution(name: str, data: bytes, about: str) -> Node:
    form, media = DISTRIBUTIONS[name]
    return {
        "@id": f"#{name}",
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dct:description": _said("en", about),
        "dcat:accessURL": {"@id": name},
        "dcat:downloadURL": {"@id": name},
        "dct:format": _authority("file-type", form),
        "dcat:mediaType": {"@id": f"{MEDIA_TYPES}/{media}"},
        "dct:license": _authority("licence", "CC_BY_4_0"),
        "dcatap:availability": _authority("planned-availability", "STABLE"),
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(len(data))},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": hashlib.sha256(data).hexdigest()},
        },
    }
