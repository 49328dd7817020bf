-- 0006_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- Checked is:
-- * Constraint account_by_code of public.account is added.
-- * Constraint account_id_key of public.account is added.
--   Its index is built while writers go on, and then becomes the constraint's.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks: none on a relation that is in use.
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0006_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.account_by_code is there and valid.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.account_by_code') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.account_by_code is missing or invalid';
    END IF;
END
$$;

-- Relation public.account_id_key is there and valid.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.account_id_key') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.account_id_key is missing or invalid';
    END IF;
END
$$;

COMMIT;
