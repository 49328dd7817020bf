-- 0002_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.events_2025 has another bound.
--   The rows stay where they are; only where they are looked for changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events_2025  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Every row is checked against events_2025_underpin_bound; writers go on.
ALTER TABLE public.events_2025 VALIDATE CONSTRAINT events_2025_underpin_bound;

SET LOCAL statement_timeout = '10s';
-- No row stands against the bound.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = to_regclass('public.events_2025') AND conname = 'events_2025_underpin_bound' AND convalidated
    ) THEN
        RAISE EXCEPTION 'constraint events_2025_underpin_bound of public.events_2025 is missing or not validated';
    END IF;
END
$$;

COMMIT;
