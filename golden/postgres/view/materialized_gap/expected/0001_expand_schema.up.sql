-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- Checked is:
-- * Relation public.countries is created anew.
--   The server refuses a change of this plan while it exists: it goes before, comes back empty, and is filled
--   in a file that locks nothing else; nobody can read it in between.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks: none on a relation that is in use.
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.countries is there; the way back fills it here again.
DO $$
BEGIN
    IF to_regclass('public.countries') IS NULL THEN
        RAISE EXCEPTION 'public.countries is missing';
    END IF;
END
$$;

COMMIT;
