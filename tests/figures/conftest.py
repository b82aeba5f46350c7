from tests.cli.conftest import surveyapp as surveyapp  # the command, on the database of the test
