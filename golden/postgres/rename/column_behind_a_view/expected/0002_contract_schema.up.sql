-- 0002_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Column name of public.users is renamed to full_name.
--   No row is copied: until the old application is gone, a view under the table's name shows the column under
--   both names.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users                ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users_underpin_base  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The names change in one moment for everybody.
LOCK TABLE public.users_underpin_base IN ACCESS EXCLUSIVE MODE;

-- Nobody reads or writes the old name any more.
DROP VIEW public.users;

-- Relation public.users_underpin_base becomes users.
ALTER TABLE public.users_underpin_base RENAME TO users;

COMMIT;
