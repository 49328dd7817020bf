-- 0008_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- Checked is:
-- * Column name of public.users is renamed to full_name.
--   The old application knows the old name and the new one the new name: both are written until the old one
--   is gone, and a trigger keeps them equal.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks: none on a relation that is in use.
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0008_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- The new column stands; this file is for the way back.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_attribute
        WHERE attrelid = to_regclass('public.users') AND attname = 'full_name' AND attnotnull
    ) THEN
        RAISE EXCEPTION 'column full_name of public.users is not NOT NULL';
    END IF;
END
$$;

COMMIT;
