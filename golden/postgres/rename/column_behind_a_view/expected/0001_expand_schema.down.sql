-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Column name of public.users is renamed to full_name.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users                ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users_underpin_base  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The names change in one moment for everybody.
LOCK TABLE public.users_underpin_base IN ACCESS EXCLUSIVE MODE;

-- Nobody reads or writes the old name any more.
DROP VIEW public.users;

-- Relation public.users_underpin_base becomes users.
ALTER TABLE public.users_underpin_base RENAME TO users;

-- Column full_name of public.users becomes name.
ALTER TABLE public.users RENAME COLUMN full_name TO name;

COMMIT;
