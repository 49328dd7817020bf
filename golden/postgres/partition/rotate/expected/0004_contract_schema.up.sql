-- 0004_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Column kind of public.event is dropped.
--   The old application uses it until the new one is deployed, so it goes last.
-- * Partition event_3 is created.
--   It is made apart and then attached; it has the partitioned table's new shape, so that it waits until what
--   it lacks is gone there.
-- * Relation public.event_1 is dropped.
--   It is detached first, so that the partitioned table is hardly locked.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event    ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.event_1  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.event_2  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0004_contract_schema.down.sql (loses data: the values of column kind of public.event; rows get a
--            placeholder; loses data: the rows of relation public.event_1).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Column kind of public.event is dropped.
ALTER TABLE public.event DROP COLUMN kind;

-- Relation public.event_3 is created.
CREATE TABLE public.event_3 (
    day date CONSTRAINT event_day_not_null NOT NULL,
    note character varying(20),
    source text DEFAULT 'web'::text CONSTRAINT event_source_not_null NOT NULL
);

-- Relation public.event_3 becomes a partition.
ALTER TABLE public.event ATTACH PARTITION public.event_3 FOR VALUES FROM ('2024-03-01') TO ('2024-04-01');

-- Relation public.event_1 is dropped.
DROP TABLE public.event_1;

COMMIT;
