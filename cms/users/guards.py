"""What the database refuses about people."""

from django.db import migrations

from cms.core.guards import append_only

# A launched creator's kind, the words on a paper that was handed in, and a reviewer's word about their own.
FUNCTIONS = """
CREATE FUNCTION users_keep_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM users_creatorprofile WHERE user_id = NEW.id AND kind_fixed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the kind of a creator who has launched is fixed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION users_keep_kind_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the kind of a creator who has launched is fixed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION users_keep_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'papers are not deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  -- Number and file may be blanked, when a person is forgotten; nothing else of a paper ever changes.
  IF (NEW.profile_id, NEW.type, NEW.issued_on, NEW.size, NEW.sha256, NEW.submitted_at) IS DISTINCT FROM
     (OLD.profile_id, OLD.type, OLD.issued_on, OLD.size, OLD.sha256, OLD.submitted_at)
     OR NEW.expires_on IS DISTINCT FROM OLD.expires_on
     OR (NEW.number <> OLD.number AND NEW.number <> '') OR (NEW.issuer <> OLD.issuer AND NEW.issuer <> '')
     OR (NEW.file <> OLD.file AND NEW.file <> '') THEN
    RAISE EXCEPTION 'a paper stays as it was handed in' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION users_refuse_own_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM users_creatordocument d JOIN users_creatorprofile p ON p.id = d.profile_id
              WHERE d.id = NEW.document_id AND p.user_id = NEW.decided_by_id) THEN
    RAISE EXCEPTION 'nobody verifies themselves' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
TRIGGERS = """
CREATE TRIGGER users_user_kind BEFORE UPDATE OF payee_kind ON users_user FOR EACH ROW
  WHEN (NEW.payee_kind IS DISTINCT FROM OLD.payee_kind) EXECUTE FUNCTION users_keep_kind();
CREATE TRIGGER users_creatorprofile_kind BEFORE UPDATE OF kind_fixed_at ON users_creatorprofile FOR EACH ROW
  WHEN (OLD.kind_fixed_at IS NOT NULL AND NEW.kind_fixed_at IS DISTINCT FROM OLD.kind_fixed_at)
  EXECUTE FUNCTION users_keep_kind_fixed();
CREATE TRIGGER users_creatordocument_kept BEFORE UPDATE OR DELETE ON users_creatordocument FOR EACH ROW
  EXECUTE FUNCTION users_keep_paper();
CREATE TRIGGER users_documentdecision_own BEFORE INSERT ON users_documentdecision FOR EACH ROW
  WHEN (NEW.verdict IN ('approved', 'rejected', 'revoked')) EXECUTE FUNCTION users_refuse_own_verdict();
"""
DROP = (
    "DROP FUNCTION users_keep_kind(), users_keep_kind_fixed(), users_keep_paper(), users_refuse_own_verdict() CASCADE"
)


def operations() -> list[migrations.RunSQL]:
    """The audit log and decisions only grow; papers stay as they were handed in."""
    return [
        append_only("users_auditlog"),
        append_only("users_documentdecision"),
        migrations.RunSQL(FUNCTIONS, DROP),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
