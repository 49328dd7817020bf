-- 0005_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint companies_pkey of public.companies is over something else.
--   The new index is built while writers go on, and the constraints change places in one transaction.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.companies                    ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.companies_pkey               ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.companies_pkey_underpin_new  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.employees                    ACCESS EXCLUSIVE        reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0005_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The referenced table is locked first, as running checks do, so that no deadlock comes of it.
LOCK TABLE public.companies, public.employees IN ACCESS EXCLUSIVE MODE;

-- It goes by what goes.
ALTER TABLE public.employees DROP CONSTRAINT employees_company_fkey;

-- Constraint companies_pkey of public.companies is dropped.
ALTER TABLE public.companies DROP CONSTRAINT companies_pkey;

-- The index becomes that of constraint companies_pkey of public.companies.
ALTER TABLE public.companies ADD CONSTRAINT companies_pkey PRIMARY KEY USING INDEX companies_pkey_underpin_new;

-- It goes by another key or index from now on.
ALTER TABLE public.employees ADD CONSTRAINT employees_company_fkey FOREIGN KEY (company) REFERENCES public.companies (code) NOT VALID;

COMMIT;
