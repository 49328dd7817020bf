-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Partition events_2026 is created.
--   It is made apart and then attached, so that the partitioned table is hardly locked.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events            SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.events_id_at_key  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.events_2026 is created.
CREATE TABLE public.events_2026 (
    id bigint CONSTRAINT events_id_not_null NOT NULL,
    at date CONSTRAINT events_at_not_null NOT NULL,
    CONSTRAINT events_2026_id_at_key UNIQUE (id, at)
);

-- Relation public.events_2026_at_idx is created.
CREATE INDEX events_2026_at_idx ON public.events_2026 (at);

-- Relation public.events_2026 becomes a partition.
ALTER TABLE public.events ATTACH PARTITION public.events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

COMMIT;
