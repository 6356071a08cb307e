"""What a mail, and the link in it, is for."""

INVITATION = "invitation"
REMINDER = "reminder"
LAST_DAY = "last-day"
REMINDING = (REMINDER, LAST_DAY)
"""Those that an expert can ask to get no more."""
NEXT_ROUND = "next-round"
MOVED = "moved"
CLOSED = "closed"
FINISHED = "finished"
NEW_LINK = "new-link"
RECEIPT = "receipt"
