-- 0004_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- Checked is:
-- * Constraint companies_pkey of public.companies is over something else.
--   The new index is built while writers go on, and the constraints change places in one transaction.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks: none on a relation that is in use.
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0004_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.companies_pkey_underpin_new is there and valid.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.companies_pkey_underpin_new') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.companies_pkey_underpin_new is missing or invalid';
    END IF;
END
$$;

COMMIT;
