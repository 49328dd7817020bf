-- 0006_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint companies_pkey of public.companies is over something else.
--   The new index is built while writers go on, and the constraints change places in one transaction.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.companies  ROW SHARE               reads and writes go on; all rows are read
--   public.employees  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0006_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Every row is checked against employees_company_fkey; writers go on.
ALTER TABLE public.employees VALIDATE CONSTRAINT employees_company_fkey;

SET LOCAL statement_timeout = '10s';
-- Constraint employees_company_fkey of public.employees holds for every row.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = to_regclass('public.employees') AND conname = 'employees_company_fkey' AND convalidated
    ) THEN
        RAISE EXCEPTION 'constraint employees_company_fkey of public.employees is missing or not validated';
    END IF;
END
$$;

COMMIT;
