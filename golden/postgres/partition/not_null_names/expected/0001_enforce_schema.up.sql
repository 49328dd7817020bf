-- 0001_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column id of public.events becomes NOT NULL.
--   A constraint that is validated under a weak lock proves that no row is null.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_2025  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- New rows have a value in column id of public.events_2025.
ALTER TABLE ONLY public.events_2025 ADD CONSTRAINT events_2025_id_not_null NOT NULL id NOT VALID;

-- New rows have a value in column id of public.events.
ALTER TABLE public.events ADD CONSTRAINT events_id_not_null NOT NULL id NOT VALID;

COMMIT;
