"""A front end of one's own: the editor's preview shows drafts there, too, and links to drafts have an address on it."""

import os

# Scheme and host, for example https://www.example.com; it answers `/preview?token=…` and lets itself be framed by us.
HEADLESS_PREVIEW_URL = os.environ.get("HEADLESS_PREVIEW_URL", "").rstrip("/")
