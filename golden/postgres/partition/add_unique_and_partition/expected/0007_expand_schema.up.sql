-- 0007_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.events_at_idx is created.
--   A partitioned table's index cannot be built concurrently, but those of its partitions can.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events       SHARE         writes wait, reads go on; brief
--   public.events_2025  ACCESS SHARE  reads and writes go on; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0007_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.events_2025_id_at_key is there and valid.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.events_2025_id_at_key') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.events_2025_id_at_key is missing or invalid';
    END IF;
END
$$;

-- Relation public.events_2025_at_idx is there and valid.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.events_2025_at_idx') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.events_2025_at_idx is missing or invalid';
    END IF;
END
$$;

-- Relation public.events_at_idx is made without touching the partitions.
CREATE INDEX events_at_idx ON ONLY public.events (at);

-- Relation public.events_2025_at_idx becomes a part of relation public.events_at_idx.
ALTER INDEX public.events_at_idx ATTACH PARTITION public.events_2025_at_idx;

-- Relation public.events_2026_at_idx becomes a part of relation public.events_at_idx.
ALTER INDEX public.events_at_idx ATTACH PARTITION public.events_2026_at_idx;

COMMIT;
