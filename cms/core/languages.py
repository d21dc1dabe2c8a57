"""Languages by their names."""

from django.utils import translation


def language_name(code: str, *, reader: str) -> str:
    """The name of a language in the reader's: 英语 for `en` in Chinese."""
    with translation.override(reader):
        return str(translation.get_language_info(code)["name_translated"])
