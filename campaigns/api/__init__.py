"""Campaigns' part of the public API."""
