-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
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

-- Trigger zzz_underpin_id of public.event goes.
DROP TRIGGER zzz_underpin_id ON public.event;

-- Function public.event_id_underpin_sync() goes.
DROP FUNCTION public.event_id_underpin_sync();

-- Column id_underpin_new of public.event goes with all that is on it.
ALTER TABLE public.event DROP COLUMN id_underpin_new;

COMMIT;
