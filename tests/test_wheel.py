"""The wheel works away from the checkout: with its pages, packs, migrations and compiled translations."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.accounts.mailbox import Mailbox

ROOT = Path(__file__).parents[1]
SOURCES = ("surveyapp", "benchmark", "migrations", "translations")
FILES = ("pyproject.toml", "setup.py", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's files; built from a copy, so that the checkout stays as it is."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    left_out = shutil.ignore_patterns("__pycache__", "*.mo")
    for name in SOURCES:
        shutil.copytree(ROOT / name, source / name, ignore=left_out)
    for name in FILES:
        shutil.copy(ROOT / name, source)
    pip("wheel", "--no-build-isolation", "--no-deps", "--no-index", "-w", folder, source)
    [wheel] = folder.glob("surveyapp-*.whl")
    pip("install", "--no-deps", "--no-index", "--target", folder / "site", wheel)
    return folder / "site"


def pip(*words: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_wheel_works_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    keys = {"SURVEYAPP_SECRET_KEY": "s" * 32, "SURVEYAPP_TOKEN_KEY": "t" * 32}
    environment = {**os.environ, **keys, "PYTHONPATH": str(installed)}

    def python(*words: str, **settings: str) -> str:
        command = [sys.executable, *words]
        done = subprocess.run(
            command, cwd=tmp_path, env={**environment, **settings}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert python("-c", "import surveyapp; print(surveyapp.__file__)").startswith(f"{installed}/")
    assert python("-m", "surveyapp", "benchmark", "check") == "1 pack(s) without fault\n"
    python("-m", "surveyapp", "migrate")
    with Mailbox() as mailbox:
        assert python("-m", "surveyapp", "doctor", SURVEYAPP_MAIL_URL=mailbox.url) == "All is well.\n"
    assert (tmp_path / "instance" / "surveyapp.sqlite").exists()

    page = python(
        "-c",
        "from surveyapp.app import create_app\n"
        "client = create_app().test_client()\n"
        "print(client.get('/join?language=de').text)\n"
        "print(client.get('/static/web.css').text)",
    )
    assert 'lang="de"' in page
    assert "Code" in page
    assert "inline-size" in page, "the stylesheet came along"


def test_the_wheel_holds_nothing_else(installed: Path) -> None:
    assert {path.name for path in installed.iterdir() if "dist-info" not in path.name} == {"surveyapp", "bin"}
    assert {path.name for path in (installed / "surveyapp" / "data").iterdir()} == {
        "benchmark",
        "migrations",
        "translations",
    }
    taken_away = {path.name for path in (installed / "surveyapp" / "figures").iterdir()}
    assert {"recompute.py", "recompute.R", "codes.csv", "readme.txt"} <= taken_away
    for sources in (installed / "surveyapp" / "data" / "translations").glob("*/LC_MESSAGES/*.po"):
        assert sources.with_suffix(".mo").exists()
