"""What backers may do when a promise moves."""

import os

# So many days later than promised, and a backer may leave with their money, within so many days of being told.
DELIVERY_LEAVE_AFTER_DAYS = int(os.environ.get("DELIVERY_LEAVE_AFTER_DAYS", "60"))
DELIVERY_LEAVE_WINDOW_DAYS = int(os.environ.get("DELIVERY_LEAVE_WINDOW_DAYS", "14"))
