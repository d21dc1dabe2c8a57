"""The local Stripe: a strict stand-in for Stripe's API, a separate process over real HTTP.

It imports nothing of the project, keeps its own SQLite store and its own clock, and refuses to start outside
debug. Run it with ``python -m funding.sandbox``.
"""
