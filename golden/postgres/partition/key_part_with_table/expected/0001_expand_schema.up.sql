-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.events is created.
--   Nothing uses it yet, so a plain CREATE is safe.
-- * Partition events_1 is created.
--   It is made apart and then attached, so that the partitioned table is hardly locked.
-- * Relation public.events_id_idx is created.
--   The table is new or small, so that the build is over before anybody waits.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks: none on a relation that is in use.
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.events is created.
CREATE TABLE public.events (
    id integer NOT NULL
)
PARTITION BY LIST (id);

-- Relation public.events_1 is created.
CREATE TABLE public.events_1 (
    id integer NOT NULL,
    CONSTRAINT events_1_pkey PRIMARY KEY (id)
);

-- Relation public.events_1 becomes a partition.
ALTER TABLE public.events ATTACH PARTITION public.events_1 FOR VALUES IN (1);

-- Relation public.events_id_idx is created.
CREATE UNIQUE INDEX events_id_idx ON public.events (id);

COMMIT;
