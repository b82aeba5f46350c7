"""What becomes of comments, decided by a person after closing."""
