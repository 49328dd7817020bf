-- 0002_contract_schema.down.sql undoes 0002_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column name of public.users is renamed to full_name.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users                ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users_underpin_base  ACCESS SHARE      reads and writes go on; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- The names change in one moment for everybody.
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;

-- Relation public.users becomes users_underpin_base.
ALTER TABLE public.users RENAME TO users_underpin_base;

-- Relation public.users is created.
CREATE VIEW public.users (id, name, full_name) WITH (security_invoker = true) AS
SELECT users_underpin_base.id, users_underpin_base.full_name, users_underpin_base.full_name FROM public.users_underpin_base;

COMMIT;
