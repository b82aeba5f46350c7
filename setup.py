"""Carries the three data folders into the wheel, translations compiled. Everything else is in pyproject.toml."""

import shutil
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py

DATA = ("benchmark", "translations", "migrations")


class WithData(build_py):
    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return  # a checkout finds them beside the package
        target = Path(self.build_lib) / "surveyapp" / "data"
        for name in DATA:
            shutil.copytree(
                name, target / name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
            )
        for path in (target / "translations").glob("*/LC_MESSAGES/*.po"):
            with path.open("rb") as source, path.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(source, locale=path.parent.parent.name, domain=path.stem))


setup(cmdclass={"build_py": WithData})
