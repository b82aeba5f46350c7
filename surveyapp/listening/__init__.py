"""Questions and answers read aloud: what a city has recorded, put in by staff and heard by respondents."""
