"""Mail to people invited by address: lists, texts, sending, reminders, who wants none."""
