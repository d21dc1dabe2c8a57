"""What campaigns do when money moves or Wagtail acts: mails, planned once each, and cards.

Every handler may be called twice for one event; keys of messages and idempotent projections make that harmless.
"""

from campaigns.receivers.wiring import connect

__all__ = ["connect"]
