-- 0017_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- Checked is:
-- * Column id of public.event changes from integer to bigint.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. Until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks: none on a relation that is in use.
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0017_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- The new column stands; this file is for the way back.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.event_pkey') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.event_pkey is missing or invalid';
    END IF;
END
$$;

COMMIT;
