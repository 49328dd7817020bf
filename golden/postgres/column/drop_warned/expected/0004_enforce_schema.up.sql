-- 0004_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column email of public.users is added.
--   Nothing says what old rows hold, so they get a neutral value of the type; a backfill directive says
--   better.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0004_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- New rows have a value in column email of public.users.
ALTER TABLE public.users ADD CONSTRAINT users_email_not_null NOT NULL email NOT VALID;

COMMIT;
