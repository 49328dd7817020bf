-- 0004_contract_schema.down.sql undoes 0004_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column kind of public.event is dropped.
-- * Partition event_3 is created.
-- * Relation public.event_1 is dropped.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event    ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.event_2  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: loses data: the values of column kind of public.event; rows get a placeholder; loses data: the
--              rows of relation public.event_1. The shape comes back, those values do not.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.event_1 is created.
CREATE TABLE public.event_1 (
    day date CONSTRAINT event_day_not_null NOT NULL,
    kind text,
    note character varying(20),
    source text DEFAULT 'web'::text CONSTRAINT event_source_not_null NOT NULL
);

-- Relation public.event_3 is dropped.
DROP TABLE public.event_3;

-- Column kind of public.event is added.
ALTER TABLE public.event ADD COLUMN kind text DEFAULT ''::text;

-- The placeholder was for rows that exist.
ALTER TABLE public.event ALTER COLUMN kind DROP DEFAULT;

COMMIT;
