"""Local stand-ins for providers that mainland merchants use directly: a process of its own, over real HTTP.

They sign with keys and certificates made at the first start. Nothing of the project is imported here.
"""
