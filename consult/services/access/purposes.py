"""What a mail, and the link in it, is for."""

INVITATION = "invitation"
REMINDER = "reminder"
NEXT_ROUND = "next-round"
MOVED = "moved"
CLOSED = "closed"
NEW_LINK = "new-link"
RECEIPT = "receipt"
