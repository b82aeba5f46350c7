"""`make check`: the migrations lead to exactly the tables that the models describe."""

import sys
import tempfile

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade

from surveyapp.app import create_app
from surveyapp.config import Settings
from surveyapp.database import db


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(database_url=f"sqlite:///{folder}/check.sqlite", queue_url="memory:"))
        with app.app_context():
            upgrade()
            with db.engine.connect() as connection:
                context = MigrationContext.configure(connection, opts={"compare_type": True})
                differences = compare_metadata(context, db.metadata)
            db.engine.dispose()
    for difference in differences:
        print(f"migrations: not in step with the models: {difference}", file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
