-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Column name of public.users is renamed to full_name.
--   No row is copied: until the old application is gone, a view under the table's name shows the column under
--   both names.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- The names change in one moment for everybody.
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;

-- Column name of public.users becomes full_name.
ALTER TABLE public.users RENAME COLUMN name TO full_name;

-- Relation public.users becomes users_underpin_base.
ALTER TABLE public.users RENAME TO users_underpin_base;

-- Relation public.users is created.
CREATE VIEW public.users (id, name, full_name) WITH (security_invoker = true) AS
SELECT users_underpin_base.id, users_underpin_base.full_name, users_underpin_base.full_name FROM public.users_underpin_base;

COMMIT;
