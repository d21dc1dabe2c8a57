"""The human face of the control API: every case of money can be played here by a button, in English or Chinese."""

from funding.sandbox.control_page.page import show

__all__ = ["show"]
