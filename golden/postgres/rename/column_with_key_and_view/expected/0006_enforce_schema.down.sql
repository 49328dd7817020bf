-- 0006_enforce_schema.down.sql undoes 0006_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Column account of public.users is renamed to account_id.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.accounts  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users     ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint users_account_id_fkey_underpin_new of public.users goes.
ALTER TABLE public.users DROP CONSTRAINT IF EXISTS users_account_id_fkey_underpin_new;

-- Column account_id of public.users may be null again.
ALTER TABLE public.users ALTER COLUMN account_id DROP NOT NULL;

COMMIT;
