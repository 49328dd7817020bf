-- 0001_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Constraint users_email_check of public.users is added.
--   New rows obey it first; old rows are then checked under a lock that lets writers go on.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- New rows obey constraint users_email_check of public.users.
ALTER TABLE public.users ADD CONSTRAINT users_email_check CHECK ((email <> ''::text)) NOT VALID;

COMMIT;
