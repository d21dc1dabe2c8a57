"""The front door's part of the public API."""
