"""SQL of the ground: app time, and tables to which rows may only be added.

Each app's first migration ends with `Migration.operations += guards.operations()`; `make migrations` keeps that line.
"""

from django.db import migrations

APP_NOW = """
-- The table comes right after; its body is checked at the first call.
SET LOCAL check_function_bodies = off;
CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT clock_timestamp()
       + make_interval(secs => COALESCE((SELECT seconds FROM core_clockoffset LIMIT 1), 0))
$$
"""

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""


def operations() -> list[migrations.RunSQL]:
    """The functions that every other app's guards stand on."""
    return [
        migrations.RunSQL(APP_NOW, "DROP FUNCTION app_now()"),
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION refuse_change()"),
    ]


def append_only(table: str) -> migrations.RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE on a table, whoever asks."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();"
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_rows ON {table}; DROP TRIGGER {table}_truncate ON {table};",
    )
