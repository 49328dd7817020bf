-- 0001_enforce_schema.down.sql undoes 0001_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Column id of public.events becomes NOT NULL.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_2025  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Column id of public.events may be null.
ALTER TABLE public.events ALTER COLUMN id DROP NOT NULL;

-- Column id of public.events_2025 may be null.
ALTER TABLE public.events_2025 ALTER COLUMN id DROP NOT NULL;

-- Column id of public.events_2025 may be null.
ALTER TABLE ONLY public.events_2025 ALTER COLUMN id DROP NOT NULL;

COMMIT;
