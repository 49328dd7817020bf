-- 0007_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.account_by_id is dropped.
--   Queries of the old application may need it until the new one is deployed.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.account  ROW SHARE               reads and writes go on; all rows are read
--   public.entry    SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0007_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Every row is checked against entry_account_fkey; writers go on.
ALTER TABLE public.entry VALIDATE CONSTRAINT entry_account_fkey;

SET LOCAL statement_timeout = '10s';
-- Constraint entry_account_fkey of public.entry holds for every row.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = to_regclass('public.entry') AND conname = 'entry_account_fkey' AND convalidated
    ) THEN
        RAISE EXCEPTION 'constraint entry_account_fkey of public.entry is missing or not validated';
    END IF;
END
$$;

COMMIT;
