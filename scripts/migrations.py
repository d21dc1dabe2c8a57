"""`make migrations`: until the first release each app has one migration, made anew from its models and guards."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# App and folder, in the order of their tables.
APPS = {
    "core": "cms/core",
    "users": "cms/users",
    "images": "cms/images",
    "mail": "cms/mail",
    "funding": "funding",
    "campaigns": "campaigns",
    "home": "home",
    "search": "search",
}


def main() -> None:
    """Rewrite every app's `0001_initial.py`; the same models give the same bytes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    for path in APPS.values():
        for old in (ROOT / path / "migrations").glob("0*.py"):
            old.unlink()
    import django
    from django.core.management import call_command

    django.setup()
    for app, path in APPS.items():
        call_command("makemigrations", app, verbosity=0, include_header=False)
        _complete(app, ROOT / path)


def _complete(app: str, folder: Path) -> None:
    """Append what the models can't say: the guards, and that `app_now()` comes first."""
    made = folder / "migrations" / "0001_initial.py"
    if not made.exists():
        return
    text, end = made.read_text(), ""
    if app != "core":
        end += "\n\n# `app_now()` is a default of columns here.\n"
        end += 'Migration.dependencies.append(("core", "0001_initial"))\n'
    if (folder / "guards.py").exists():
        package = ".".join(folder.relative_to(ROOT).parts)
        text = f"from {package} import guards\n{text}"
        if app == "core":
            end += "\n\n# Columns here have `app_now()` as their default: it comes first.\n"
            end += "Migration.operations[:0] = guards.operations()\n"
        else:
            end += "\nMigration.operations += guards.operations()\n"
    made.write_text(text + end)


if __name__ == "__main__":
    main()
