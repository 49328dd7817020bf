-- 0013_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column id of public.event changes from integer to bigint.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. Until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event       SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
--   public.event_2024  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0013_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- No row has a null in id_underpin_new.
ALTER TABLE public.event VALIDATE CONSTRAINT event_id_underpin_not_null;

-- Both columns agree in every row.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.event
        WHERE id_underpin_new IS DISTINCT FROM ((event.id::bigint))
    ) THEN
        RAISE EXCEPTION 'public.event has rows without their value in id_underpin_new';
    END IF;
END
$$;

SET LOCAL statement_timeout = '3s';
-- The server learns the new values before they are asked for.
ANALYZE public.event (id_underpin_new);

COMMIT;
