"""Bare objects that import nothing of ours but the database and the queue; create_app() binds them."""

from flask_babel import Babel
from flask_migrate import Migrate
from flask_security import Security
from flask_wtf import CSRFProtect

from surveyapp.database import db, start_writing
from surveyapp.jobs import Queue

__all__ = ["babel", "csrf", "db", "migrate", "queue", "security", "start_writing"]

migrate = Migrate()
csrf = CSRFProtect()
babel = Babel()
security = Security()
queue = Queue()
