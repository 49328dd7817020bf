-- 0012_enforce_schema.down.sql undoes 0012_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Column id of public.event changes from integer to bigint.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.event_2024  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Column id_underpin_new of public.event may be null again.
ALTER TABLE public.event ALTER COLUMN id_underpin_new DROP NOT NULL;

-- Relation public.event_by_kind_underpin_new goes with all its parts.
DROP INDEX public.event_by_kind_underpin_new;

COMMIT;
