"""The command as people script it: what it prints, what it returns, and never a traceback."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from surveyapp.cli import command


class Console:
    """`surveyapp` with settings of its own, on one database."""

    def __init__(self, url: str) -> None:
        self.settings = {
            "SURVEYAPP_DATABASE_URL": url,
            "SURVEYAPP_QUEUE_URL": "memory:",
            "SURVEYAPP_SECRET_KEY": "s" * 32,
            "SURVEYAPP_TOKEN_KEY": "t" * 32,
        }

    def run(self, *words: str | Path, stdin: bytes = b"", **settings: str | None) -> Result:
        """Any end but a traceback; `settings` such as SURVEYAPP_LANGUAGES="en", None to leave one out."""
        environment = {**self.settings, **settings}
        result = CliRunner().invoke(command, [str(word) for word in words], env=environment, input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    def __call__(self, *words: str | Path, stdin: bytes = b"", **settings: str | None) -> str:
        """What is printed when all goes well."""
        result = self.run(*words, stdin=stdin, **settings)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def refused(self, status: int, *words: str | Path, stdin: bytes = b"", **settings: str | None) -> str:
        """The one line on stderr that says why not; nothing else was printed."""
        result = self.run(*words, stdin=stdin, **settings)
        assert result.exit_code == status, result.output
        assert result.stdout == ""
        assert result.stderr.startswith("Error: ")
        assert result.stderr.count("\n") == 1, result.stderr
        return result.stderr.removeprefix("Error: ").strip()


@pytest.fixture
def surveyapp(sqlite_url: str) -> Console:
    return Console(sqlite_url)


@pytest.fixture
def on_each(each_url: str) -> Console:
    """The command on SQLite, then on PostgreSQL."""
    return Console(each_url)
