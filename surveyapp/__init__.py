"""surveyapp: asks everyone who can tell how good a city's language courses are, and shows where they disagree."""
