"""`make demo`: a fresh sample city, then the service.

It reads no SURVEYAPP_* setting and touches only instance/demo/.
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path("instance").resolve() / "demo"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--prepare", action="store_true", help="build both PDFs and stop")
    options = parser.parse_args()
    settle_environment(options.port)
    prepare(options.port)
    if options.prepare:
        make_reports()
        return
    subprocess.Popen(
        [sys.executable, "-c", "from surveyapp.demo.__main__ import make_reports; make_reports()"]
    )
    print(
        f"\n  surveyapp: http://127.0.0.1:{options.port}/   (Ctrl-C stops it; the reports follow)\n",
        flush=True,
    )
    # in this process's place, so that Ctrl-C reaches the server itself
    os.execv(sys.executable, [sys.executable, "-m", "surveyapp", "serve", "--port", str(options.port)])  # noqa: S606


def settle_environment(port: int) -> None:
    """The demo's own settings in place of all others; a fresh folder."""
    for name in [name for name in os.environ if name.startswith("SURVEYAPP_")]:
        del os.environ[name]
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    os.environ |= {
        "SURVEYAPP_DATABASE_URL": f"sqlite:///{FOLDER}/surveyapp.sqlite",
        "SURVEYAPP_QUEUE_URL": f"sqlite:///{FOLDER}/queue.sqlite",
        "SURVEYAPP_SECRET_KEY": secrets.token_hex(32),
        "SURVEYAPP_TOKEN_KEY": secrets.token_hex(32),
        "SURVEYAPP_BASE_URL": f"http://127.0.0.1:{port}",
        "SURVEYAPP_DEMO": "1",
    }


def prepare(port: int) -> None:
    """Translations, database, sample city and links.json."""
    from flask_migrate import upgrade

    from surveyapp.app import create_app
    from surveyapp.catalogues import compile_all
    from surveyapp.database import db
    from surveyapp.demo.sample import CLOSED, LEAD, OPEN, load_sample
    from surveyapp.demo.stage import fresh_link, group_code

    compile_all()
    base = f"http://127.0.0.1:{port}"
    app = create_app()
    with app.app_context(), app.test_request_context(base_url=base):
        upgrade()
        load_sample()
        links = {
            "lead": {"email": LEAD, "sign_in_url": f"{base}/stage/lead"},
            "round": {"id": OPEN, "url": f"{base}/rounds/{OPEN}"},
            "closed_round": {"id": CLOSED, "url": f"{base}/rounds/{CLOSED}"},
            "join_url": f"{base}/join",
            "code": group_code(),
            "invitations": [
                {"group": group, "language": language, "url": base + fresh_link(group, language)}
                for group, language in (
                    ("city", "en"),
                    ("providers", "de"),
                    ("migrant_orgs", "en"),
                    ("employers", "en"),
                    ("learners", "ar"),
                )
            ],
        }
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    (FOLDER / "links.json").write_text(json.dumps(links, indent=1) + "\n", encoding="utf-8")


def make_reports() -> None:
    """Both PDFs of the closed round, each put in place whole; says what is missing where they cannot be made."""
    from surveyapp.app import create_app
    from surveyapp.assessments.actions import find_round
    from surveyapp.demo.sample import CLOSED
    from surveyapp.demo.stage import REPORTS, report_path
    from surveyapp.models.report import latest_version
    from surveyapp.pdf import PdfUnavailable
    from surveyapp.reports.actions import render_report

    begun = time.monotonic()
    app = create_app()
    with app.app_context():
        round_ = find_round(CLOSED)
        assert round_ is not None
        for language in REPORTS:
            try:
                pdf = render_report(round_, language, "public", latest_version(round_))
            except PdfUnavailable as error:
                print(f"reports skipped: {error}", file=sys.stderr, flush=True)
                return
            part = report_path(language).with_suffix(".part")
            part.write_bytes(pdf)
            part.rename(report_path(language))
    print(f"reports ready after {time.monotonic() - begun:.0f} s: {FOLDER}/report-*.pdf", flush=True)


if __name__ == "__main__":
    main()
