-- 0002_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column id of public.events becomes NOT NULL.
--   A constraint that is validated under a weak lock proves that no row is null.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events       SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
--   public.events_2025  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0002_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Every row is checked for column id of public.events; writers go on.
ALTER TABLE public.events VALIDATE CONSTRAINT events_id_not_null;

SET LOCAL statement_timeout = '3s';
-- No row is null in column id of public.events.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = to_regclass('public.events') AND conname = 'events_id_not_null' AND convalidated
    ) THEN
        RAISE EXCEPTION 'constraint events_id_not_null of public.events is missing or not validated';
    END IF;
END
$$;

COMMIT;
