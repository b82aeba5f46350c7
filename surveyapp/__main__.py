"""`python -m surveyapp` is the `surveyapp` command."""

from surveyapp.cli import main

if __name__ == "__main__":
    main()
