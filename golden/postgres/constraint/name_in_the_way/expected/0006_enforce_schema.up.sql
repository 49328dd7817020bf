-- 0006_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint unique_email of public.accounts is added.
--   Its index is built while writers go on, and then becomes the constraint's.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.accounts      ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.unique_email  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0006_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The index becomes that of constraint unique_email of public.accounts.
ALTER TABLE public.accounts ADD CONSTRAINT unique_email UNIQUE USING INDEX unique_email;

COMMIT;
