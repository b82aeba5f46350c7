"""What is stored and for how long: for the data protection officer."""
