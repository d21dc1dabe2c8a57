"""What changes the front door."""

from home.services.setting_up import install_site

__all__ = ["install_site"]
