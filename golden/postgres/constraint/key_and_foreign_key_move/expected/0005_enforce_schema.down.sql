-- 0005_enforce_schema.down.sql undoes 0005_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Constraint companies_pkey of public.companies is over something else.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.companies       ACCESS EXCLUSIVE  reads and writes wait; all rows are read
--   public.companies_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.employees       ACCESS EXCLUSIVE  reads and writes wait; all rows are read
-- Hazard: public.companies (ACCESS EXCLUSIVE), public.employees (ACCESS EXCLUSIVE) stay locked while this
--         file reads or writes rows; run it when those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The referenced table is locked first, as running checks do, so that no deadlock comes of it.
LOCK TABLE public.companies, public.employees IN ACCESS EXCLUSIVE MODE;

-- It goes by what goes.
ALTER TABLE public.employees DROP CONSTRAINT employees_company_fkey;

-- Constraint companies_pkey of public.companies is dropped.
ALTER TABLE public.companies DROP CONSTRAINT companies_pkey;

SET LOCAL statement_timeout = 0;
-- Constraint companies_pkey of public.companies is created.
ALTER TABLE public.companies ADD CONSTRAINT companies_pkey PRIMARY KEY (id);

-- It goes by the old key or index again.
ALTER TABLE public.employees ADD CONSTRAINT employees_company_fkey FOREIGN KEY (company) REFERENCES public.companies (id);

-- The index stands by itself again.
CREATE UNIQUE INDEX companies_pkey_underpin_new ON public.companies (code);

COMMIT;
