"""What the README and the files of an installation tell people to type is there."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from surveyapp.cli import command
from surveyapp.config import Settings
from tests.cli.conftest import Console

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEPLOY = ROOT / "deploy"


def told() -> list[list[str]]:
    """Every `surveyapp ...` of the README and of deploy/, as words."""
    files = [README, *(path.read_text(encoding="utf-8") for path in DEPLOY.iterdir())]
    found = []
    for text in files:
        for line in re.findall(
            r"(?:`|^ +|&& |bin/|`)surveyapp(?:-admin)? ([a-z][^`\n]*)", text, re.MULTILINE
        ):
            found.append(re.split(r"\s+#|\s&&", line)[0].split())
    return found


def resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words begin with, and the words that are left."""
    here: click.Command = command
    left = list(words)
    while isinstance(here, click.Group) and left:
        inner = here.commands.get(left[0].split("\\|")[0])
        assert inner is not None, f"there is no command {' '.join(words)}"
        here = inner
        left.pop(0)
    assert not isinstance(here, click.Group), f"{' '.join(words)} is not whole"
    return here, left


def test_every_command_that_is_told_exists() -> None:
    found = told()
    assert len(found) > 30
    for words in found:
        here, left = resolve(words)
        options = {option for parameter in here.params for option in parameter.opts}
        for option in re.findall(r"--[a-z-]+", " ".join(left)):
            assert option in options, f"{' '.join(words)}: {option}"


def test_every_command_is_told() -> None:
    named = {words[0].split("\\|")[0] for words in told()}
    assert set(command.commands) <= named


def test_every_file_that_is_told_is_there() -> None:
    named = set(re.findall(r"deploy/([a-z-]+(?:\.[a-z]+)?)", README))
    assert named == {path.name for path in DEPLOY.iterdir()}


def test_the_settings_of_an_installation_are_read(surveyapp: Console) -> None:
    lines = (DEPLOY / "surveyapp.env").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    settings = Settings.from_environment({name: value.strip("'\"") for name, value in given.items()})
    assert settings.languages == ("en", "de", "ar")
    assert settings.trusted_proxies == 1
    assert len(settings.missing_for_production()) == 2, "keys are not given away"


def test_the_admin_script_is_run_with_the_settings(tmp_path: Path) -> None:
    """As root on a machine with the user; here the last step stands in for runuser."""
    (tmp_path / "settings").write_text('SURVEYAPP_LANGUAGES="en de"\nSURVEYAPP_TRUSTED_PROXIES=1\n')
    (tmp_path / "runuser").write_text('#!/bin/sh\necho "$SURVEYAPP_LANGUAGES|$*"\n')
    (tmp_path / "runuser").chmod(0o755)
    script = (DEPLOY / "surveyapp-admin").read_text().replace("/var/lib/surveyapp", str(tmp_path))
    environment = {
        "PATH": f"{tmp_path}:/usr/bin:/bin",
        "SETTINGS": str(tmp_path / "settings"),
        "PROGRAM": "/x/s",
    }
    done = subprocess.run(
        ["/bin/sh", "-c", script, "surveyapp-admin", "user", "add", "a b"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "en de|-u surveyapp -- /x/s user add a b\n"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for path in DEPLOY.glob("surveyapp*.*"):
        if path.suffix in (".service", ".timer"):
            text = re.sub(r"/opt/surveyapp/bin/surveyapp", "/bin/true", path.read_text())
            (tmp_path / path.name).write_text(text)
    names = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "surveyapp" in line]
    assert ours == []
