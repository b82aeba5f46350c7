"""Translations to translators and back, as PO and XLIFF 2: what is good is taken, what is not is named."""

import re
import zipfile
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from surveyapp import catalogues
from surveyapp.i18n import CATALOGUES
from surveyapp.progress import forms
from surveyapp.translating import taking
from surveyapp.translating.exchange import unit_id
from surveyapp.translating.xliff import NAMESPACE, OUTDATED
from tests.cli.conftest import Console

NAMES = {"x": NAMESPACE}
GO_ON = "Save and go on"
TOO_LONG = "Make it shorter: at most %(limit)d letters, now %(now)d."
TEXTS = ("One text is too long", "Some texts are too long")
TITLE = "language-courses-1/f1.title"


sources = lru_cache(catalogues.gather)  # reading them takes a second, and no test here changes them


@pytest.fixture
def surveyapp(translated: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    for module in (catalogues, taking):
        monkeypatch.setattr(module, "gather", sources)
    return Console("postgresql://nowhere.invalid/none")  # no database is touched


def meaning(language: str) -> list[list[object]]:
    """All that the catalogues say."""
    return [
        [domain, message.context, forms(message.id), forms(message.string), message.fuzzy]
        for domain in CATALOGUES
        for message in catalogues.read(language, domain)
        if message.id
    ]


def title() -> str:
    return next(message.id for message in sources()["benchmark"] if message.context == TITLE)


def said(language: str, domain: str, source: str, context: str | None = None) -> Message:
    return catalogues.read(language, domain).get(source, context)


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("kind", ["po", "xliff"])
def test_there_and_back_changes_nothing(
    surveyapp: Console, translated: Path, tmp_path: Path, language: str, kind: str
) -> None:
    before = meaning(language)
    files = {path: path.read_bytes() for path in translated.glob("*/LC_MESSAGES/*.po")}
    surveyapp("translations", "export", language, "--format", kind, "--output", tmp_path / "file")
    again = surveyapp("translations", "import", tmp_path / "file")
    assert re.fullmatch(
        rf"{language}: 0 new or changed, [12]\d{{3}} as they were, 0 still empty, 0 refused\n", again
    )
    assert {path: path.read_bytes() for path in files} == files

    for path in (translated / language / "LC_MESSAGES").iterdir():
        path.unlink()
    begun = surveyapp("translations", "import", tmp_path / "file")
    assert re.fullmatch(
        rf"{language}: [12]\d{{3}} new or changed, 0 as they were, 0 still empty, 0 refused\n", begun
    )
    assert meaning(language) == before
    assert len(list((translated / language / "LC_MESSAGES").glob("*.mo"))) == len(CATALOGUES), "pages see it"


@pytest.mark.parametrize("kind", ["po", "xliff"])
def test_a_language_is_begun_by_its_file(
    surveyapp: Console, translated: Path, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / "fr"
    words = ("translations", "export", "fr", "--catalogue", "answering", "--format", kind, "--output", file)
    assert "strings" in surveyapp(*words)
    assert not (translated / "fr").exists()
    text = file.read_text(encoding="utf-8")
    if kind == "po":
        text = text.replace(f'msgid "{GO_ON}"\nmsgstr ""', f'msgid "{GO_ON}"\nmsgstr "Continuer"')
    else:
        text = text.replace(
            f"<source>{GO_ON}</source>", f"<source>{GO_ON}</source><target>Continuer</target>"
        )
    file.write_text(text, encoding="utf-8")
    tried = surveyapp("translations", "import", "--dry-run", file)
    assert re.fullmatch(r"fr: 1 new or changed, 0 as they were, \d+ still empty, 0 refused\n", tried)
    assert not (translated / "fr").exists(), "a dry run changes nothing"
    assert surveyapp("translations", "import", file) == tried
    assert said("fr", "answering", GO_ON).string == "Continuer"
    assert sorted(path.name for path in (translated / "fr").rglob("*.*")) == ["answering.mo", "answering.po"]


def test_xliff_says_what_a_translator_needs(surveyapp: Console, tmp_path: Path, translated: Path) -> None:
    outdated = catalogues.read("ar", "answering")
    outdated.get(GO_ON).flags.add("fuzzy")
    outdated.get("One last thing").string = ""
    catalogues.write("ar", "answering", outdated)
    surveyapp("translations", "export", "ar", "--format", "xliff", "--output", tmp_path / "ar.xlf")
    root = ET.parse(tmp_path / "ar.xlf").getroot()
    assert root.attrib == {"version": "2.0", "srcLang": "en", "trgLang": "ar"}
    assert [file.get("id") for file in root] == list(CATALOGUES)
    for file in root:
        ids = [unit.get("id") for unit in file]
        assert len(ids) == len(set(ids))
        assert all(re.fullmatch(r"[\w.:-]+", each) for each in ids), "an id of XLIFF has no slash"
    unit = root.find(".//x:unit[@name='language-courses-1/title']", NAMES)
    notes = [(note.get("category"), note.text) for note in unit.iterfind("x:notes/x:note", NAMES)]
    assert notes[0] == ("context", "language-courses-1/title")
    assert notes[1][0] == "shown"
    assert {category for category, _text in notes[2:]} == {"glossary"}

    def segments(source: str) -> list[ET.Element]:
        return [each for each in root.iterfind(".//x:segment", NAMES) if each[0].text == source]

    [go_on], [last] = segments(GO_ON), segments("One last thing")
    assert (go_on.get("state"), go_on.get("subState")) == ("initial", OUTDATED)
    assert (last.get("state"), last.find("x:target", NAMES)) == ("initial", None)
    one, many = (segments(text) for text in TEXTS)
    assert [each.get("id") for each in one] == ["plural-1"], "the form of Arabic for one"
    assert [each.get("id") for each in many] == [f"plural-{form}" for form in (0, 2, 3, 4, 5)]
    again = surveyapp("translations", "import", tmp_path / "ar.xlf")
    assert "0 new or changed" in again
    assert "1 still empty" in again
    assert said("ar", "answering", GO_ON).fuzzy, "what was outdated stays so until it is mended"
    mended = (tmp_path / "ar.xlf").read_text(encoding="utf-8").replace(f' subState="{OUTDATED}"', "")
    (tmp_path / "ar.xlf").write_text(mended, encoding="utf-8")
    assert "1 new or changed" in surveyapp("translations", "import", tmp_path / "ar.xlf")
    assert not said("ar", "answering", GO_ON).fuzzy


def po(*strings: str, header: str = "Language: de") -> str:
    return "\n\n".join((f'# catalogue “answering”\nmsgid ""\nmsgstr ""\n"{header}\\n"', *strings)) + "\n"


def entry(source: str, string: str, before: str = "") -> str:
    return f'{before}msgid "{source}"\nmsgstr "{string}"'


FACTOR = "#: surveyapp/answering/factor.html\n"
PO_FAULTS = {
    entry("Never heard", "Nie gehört"): "unknown string: Never heard",
    entry("Save and go on now", "Speichern und weiter", FACTOR): (
        "the source has changed since the export, now 'Save and go on': Save and go on now"
    ),
    entry("A new title", "Neuer Titel", f'msgctxt "{TITLE}"\n'): (
        f"the source has changed since the export, now {{title!r}}: [{TITLE}] A new title"
    ),
    entry(TOO_LONG, "Höchstens %(limit)d."): f"placeholders differ in 'Höchstens %(limit)d.': {TOO_LONG}",
    entry(TOO_LONG, "%(limit)d %(now)d <b>"): f"placeholders differ in '%(limit)d %(now)d <b>': {TOO_LONG}",
    entry(GO_ON, ""): f"empty, while there is a translation: {GO_ON}",
    entry(GO_ON, "Wei\\x07ter".replace("\\x07", "\x07")): f"control character U+0007: {GO_ON}",
    entry(GO_ON, "Weiter", "#, fuzzy\n"): f"marked as unfinished, while there is a finished translation: {GO_ON}",
    f'msgid "{TEXTS[0]}"\nmsgid_plural "{TEXTS[1]}"\nmsgstr[0] "Ein Text"': f"2 plural forms are needed: {TEXTS}",
    f'msgid "{TEXTS[0]}"\nmsgid_plural "{TEXTS[1]}"\nmsgstr[0] "a"\nmsgstr[1] "b"\nmsgstr[2] "c"': (
        f"2 plural forms are needed: {TEXTS}"
    ),
    f'msgid "{TEXTS[0]}"\nmsgid_plural "Many texts"\nmsgstr[0] "a"\nmsgstr[1] "b"': (
        f"the source has changed since the export, now {TEXTS[0]!r}: {TEXTS}"
    ),
    entry(TEXTS[0], "Ein Text"): f"2 plural forms are needed: {TEXTS}",
}  # fmt: skip


@pytest.mark.parametrize("case", PO_FAULTS)
def test_a_bad_string_is_named_and_the_good_ones_are_taken(
    surveyapp: Console, tmp_path: Path, case: str
) -> None:
    before = meaning("de")
    (tmp_path / "de.po").write_text(po(case, entry("answered", "schon beantwortet")), encoding="utf-8")
    result = surveyapp.run("translations", "import", tmp_path / "de.po")
    told = PO_FAULTS[case].replace("{title!r}", repr(title()))
    assert result.stderr == f"de/answering: {told}\n"
    assert result.stdout == "de: 1 new or changed, 0 as they were, 0 still empty, 1 refused\n"
    assert result.exit_code == 1
    assert said("de", "answering", "answered").string == "schon beantwortet"
    changed = [now for now, then in zip(meaning("de"), before, strict=True) if now != then]
    assert len(changed) == 1


def xlf(inside: str, language: str = "de", domain: str = "answering") -> str:
    return (
        f'<xliff xmlns="{NAMESPACE}" version="2.0" srcLang="en" trgLang="{language}">'
        f'<file id="{domain}">{inside}</file></xliff>'
    )


def unit(source: str, target: str, name: str = "", more: str = "") -> str:
    name = name or unit_id(Message(source))
    return (
        f'<unit id="{name}">{more}<segment state="translated">'
        f"<source>{source}</source><target>{target}</target></segment></unit>"
    )


def plural(*ids: str) -> str:
    segments = "".join(
        f'<segment id="{each}"><source>{TEXTS[place > 0]}</source><target>{place}</target></segment>'
        for place, each in enumerate(ids)
    )
    return f'<unit id="{unit_id(Message(TEXTS))}">{segments}</unit>'


LOCATED = '<notes><note category="location">surveyapp/answering/factor.html</note></notes>'
XLIFF_FAULTS = {
    xlf(unit("Never heard", "Nie")): "de/answering: unknown string: Never heard",
    xlf(unit("Never heard", "Nie"), domain="poems"): "de/?: unknown string: Never heard",
    xlf(unit("Save and go on now", "Weiter", more=LOCATED)): (
        "de/answering: the source has changed since the export, now 'Save and go on': Save and go on now"
    ),
    xlf(unit("Another title", "Titel", TITLE.replace("/", ":")), domain="benchmark"): (
        f"de/benchmark: the source has changed since the export, now {{title!r}}: [{TITLE}] {{title}}"
    ),
    xlf(unit(GO_ON, "<ph id='1'/> weiter")): (
        f"de/answering: placeholders must stay text, and there is a <ph>: {GO_ON}"
    ),
    xlf(unit(GO_ON, "Weiter &lt;i&gt;")): f"de/answering: placeholders differ in 'Weiter <i>': {GO_ON}",
    xlf(unit(GO_ON, "")): f"de/answering: empty, while there is a translation: {GO_ON}",
    xlf(plural("plural-0")): f"de/answering: 2 plural forms are needed: {TEXTS}",
    xlf(plural("plural-0", "plural-1", "plural-2")): f"de/answering: 2 plural forms are needed: {TEXTS}",
    xlf(plural("plural-0", "plural-4")): (
        f"de/answering: the segments of the plural forms are not as they were: {TEXTS}"
    ),
    xlf(unit(GO_ON, "Weiter") + unit(GO_ON, "Sichern")): f"de/answering: the file has this string twice: {GO_ON}",
}  # fmt: skip


@pytest.mark.parametrize("case", XLIFF_FAULTS)
def test_a_bad_unit_is_named(surveyapp: Console, tmp_path: Path, case: str) -> None:
    (tmp_path / "de.xlf").write_text(case, encoding="utf-8")
    result = surveyapp.run("translations", "import", tmp_path / "de.xlf")
    told = XLIFF_FAULTS[case].replace("{title!r}", repr(title())).replace("{title}", title())
    assert result.stderr == f"{told}\n"
    assert result.exit_code == 1


def test_marks_of_a_tool_and_its_states_are_understood(surveyapp: Console, tmp_path: Path) -> None:
    marked = unit(GO_ON, '<mrk id="m1" type="term">Sichern</mrk> und weiter').replace("translated", "final")
    (tmp_path / "de.xlf").write_text("\ufeff" + xlf(marked), encoding="utf-8")
    assert "1 new or changed" in surveyapp("translations", "import", tmp_path / "de.xlf")
    assert said("de", "answering", GO_ON).string == "Sichern und weiter"


BOMB = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 10))
UNREADABLE = {
    "empty": (b"", "there are no strings in it"),
    "no strings": (po().encode(), "there are no strings in it"),
    "binary": (b"\x00\x01\xff\xfe" * 100, "this is neither PO nor XLIFF 2"),
    "words": (b"Dear colleague,\nhere is my translation.\n", "this is neither PO nor XLIFF 2"),
    "half a PO": (po(entry(GO_ON, "Weiter"), 'msgid "cut').encode(), "this is neither PO nor XLIFF 2"),
    "no language": (po(entry(GO_ON, "Weiter"), header="X: y").encode(), "does not say which language"),
    "no such language": (po(entry(GO_ON, "Weiter"), header="Language: xq").encode(), "is no language"),
    "a path": (xlf(unit(GO_ON, "x"), language="../../etc").encode(), "is no language to translate into"),
    "the source": (po(entry(GO_ON, "Go"), header="Language: en").encode(), "is no language to translate into"),
    "charset": (po(entry(GO_ON, "x")).encode().replace(b"\"x\"", b"\"\xfc\""), "this is neither PO nor XLIFF 2"),
    "half XML": (xlf(unit(GO_ON, "x")).encode()[:-20], "this is no XML"),
    "XLIFF 1.2": (
        b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"/>', "XLIFF 2 is needed",
    ),
    "a page": (b"<!-- x --><html><body/></html>", "XLIFF 2 is needed"),
    "no target": (xlf(unit(GO_ON, "x"), language="").encode(), "(trgLang)"),
    "a bomb": (
        f'<!DOCTYPE x [<!ENTITY b0 "ha">{BOMB}]>{xlf(unit(GO_ON, "&b9;"))}'.encode(), "declarations of its own",
    ),
    "a file from outside": (
        f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>{xlf(unit(GO_ON, "&f;"))}'.encode(),
        "declarations of its own",
    ),
    "a DTD from outside": (
        b'<!DOCTYPE xliff SYSTEM "http://127.0.0.1:9/x.dtd">' + xlf(unit(GO_ON, "x")).encode(),
        "declarations of its own",
    ),
    "too large": (b"#" * 20_000_001, "larger than 20 MB"),
    "no zip": (b"PK\x03\x04 and nothing more", "the zip cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_refused_whole(
    surveyapp: Console, translated: Path, tmp_path: Path, case: str
) -> None:
    content, told = UNREADABLE[case]
    (tmp_path / "file").write_bytes(content)
    before = {path: path.read_bytes() for path in translated.rglob("*.po")}
    assert told in surveyapp.refused(2, "translations", "import", tmp_path / "file")
    assert {path: path.read_bytes() for path in translated.rglob("*.po")} == before


def test_a_zip_that_unpacks_to_too_much_is_refused(surveyapp: Console, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "de.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("de/answering.po", b"#" * 20_000_001)
    assert (tmp_path / "de.zip").stat().st_size < 100_000
    assert "too large" in surveyapp.refused(2, "translations", "import", tmp_path / "de.zip")


def test_a_zip_of_two_languages_is_refused(surveyapp: Console, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for language in ("de", "ar"):
            archive.writestr(f"{language}/x.po", po(entry(GO_ON, "x"), header=f"Language: {language}"))
    assert "of one language" in surveyapp.refused(2, "translations", "import", tmp_path / "all.zip")


def test_one_catalogue_as_po_is_a_po_file(surveyapp: Console, tmp_path: Path) -> None:
    words = ("translations", "export", "de", "--catalogue", "report", "--output", tmp_path / "report.po")
    surveyapp(*words)
    with (tmp_path / "report.po").open("rb") as file:
        found = read_po(file, abort_invalid=True)
    assert str(found.locale) == "de"
    assert all(message.auto_comments for message in found if message.id)


@pytest.mark.parametrize("code", ["klingon", "../de", "en", " "])
def test_what_is_no_language_is_not_exported(surveyapp: Console, tmp_path: Path, code: str) -> None:
    words = ("translations", "export", code, "--output", tmp_path / "x")
    assert "is no language to translate into" in surveyapp.refused(2, *words)
    assert not (tmp_path / "x").exists()
