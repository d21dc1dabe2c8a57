"""Short public ids for links, and long ones that open something."""

import secrets

# No vowels and no look-alikes: short ids that can be read aloud and spell nothing.
_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


def new_key() -> str:
    """A short public id for links."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def new_secret() -> str:
    """What nobody guesses: 192 bits for a link that lets its bearer in."""
    return secrets.token_urlsafe(24)
