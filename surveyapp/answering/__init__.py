"""The questionnaire: one factor a page, review, sent once; and answers that come or go as files."""
