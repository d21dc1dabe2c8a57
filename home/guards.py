"""What the database refuses about curation: nobody rewrites what readers have been shown."""

from django.db import migrations

SLOT_RECORD = """
CREATE FUNCTION keep_featured_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.starts_at > app_now() THEN
    RETURN COALESCE(NEW, OLD);
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a featured slot that has begun stays in the record' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.campaign_id, NEW.position, NEW.locale, NEW.kind, NEW.starts_at, NEW.reason)
     IS DISTINCT FROM (OLD.campaign_id, OLD.position, OLD.locale, OLD.kind, OLD.starts_at, OLD.reason)
     OR (NEW.ends_at IS DISTINCT FROM OLD.ends_at
         AND (OLD.ends_at <= app_now() OR NEW.ends_at < app_now() - interval '5 seconds')) THEN
    RAISE EXCEPTION 'a featured slot that has begun can only end' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER home_featuredslot_record BEFORE UPDATE OR DELETE ON home_featuredslot
  FOR EACH ROW EXECUTE FUNCTION keep_featured_record();
"""
UNDO = "DROP TRIGGER home_featuredslot_record ON home_featuredslot; DROP FUNCTION keep_featured_record();"


def operations() -> list[migrations.RunSQL]:
    """The record of featured campaigns."""
    return [migrations.RunSQL(SLOT_RECORD, UNDO)]
