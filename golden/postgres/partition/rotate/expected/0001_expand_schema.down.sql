-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Column kind of public.event is dropped.
-- * Column source of public.event is added.
-- * Column note of public.event changes from character varying(10) to character varying(20).
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event    ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.event_1  ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.event_2  ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
-- Hazard: public.event (ACCESS EXCLUSIVE), public.event_1 (ACCESS EXCLUSIVE), public.event_2 (ACCESS
--         EXCLUSIVE) stay locked while this file reads or writes rows; run it when those who read and write
--         can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Column note of public.event becomes character varying(10).
ALTER TABLE public.event ALTER COLUMN note TYPE character varying(10);

SET LOCAL statement_timeout = '3s';
-- Column source of public.event is dropped.
ALTER TABLE public.event DROP COLUMN source;

SET LOCAL statement_timeout = 0;
-- New rows have a value in column kind of public.event.
ALTER TABLE public.event ADD CONSTRAINT event_kind_not_null NOT NULL kind;

COMMIT;
