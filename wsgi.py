"""For a WSGI server of your own, and for `flask --app wsgi`."""

import os

from surveyapp.app import create_app
from surveyapp.config import Settings

settings = Settings.from_environment()
if missing := [] if os.environ.get("FLASK_RUN_FROM_CLI") else settings.missing_for_production():
    raise SystemExit(f"not set: {', '.join(missing)} (see README, Settings)")
app = create_app(settings)
