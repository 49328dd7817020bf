-- 0006_enforce_schema.down.sql undoes 0006_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Column name of public.users is renamed to full_name.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- All tables at once, so that the short lock is waited for once.
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;

-- Constraint users_full_name_not_null of public.users becomes users_full_name_underpin_not_null.
ALTER TABLE public.users RENAME CONSTRAINT users_full_name_not_null TO users_full_name_underpin_not_null;

-- Constraint users_name_not_null_underpin_old of public.users becomes users_name_not_null.
ALTER TABLE public.users RENAME CONSTRAINT users_name_not_null_underpin_old TO users_name_not_null;

COMMIT;
