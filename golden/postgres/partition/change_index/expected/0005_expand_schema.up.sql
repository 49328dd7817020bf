-- 0005_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.events_kind is built anew.
--   The new index is built beside the old one, so that there is one at any time.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events       SHARE  writes wait, reads go on; brief
--   public.events_2026  SHARE  writes wait, reads go on; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0005_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.events_2025_kind_idx_underpin_new is there and valid.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.events_2025_kind_idx_underpin_new') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.events_2025_kind_idx_underpin_new is missing or invalid';
    END IF;
END
$$;

-- Relation public.events_2026_h1_kind_idx_underpin_new is there and valid.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.events_2026_h1_kind_idx_underpin_new') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.events_2026_h1_kind_idx_underpin_new is missing or invalid';
    END IF;
END
$$;

-- Relation public.events_kind_underpin_new is made without touching the partitions.
CREATE INDEX events_kind_underpin_new ON ONLY public.events (kind DESC);

-- Relation public.events_2025_kind_idx_underpin_new becomes a part of relation
-- public.events_kind_underpin_new.
ALTER INDEX public.events_kind_underpin_new ATTACH PARTITION public.events_2025_kind_idx_underpin_new;

-- Relation public.events_2026_kind_idx_underpin_new is made without touching the partitions.
CREATE INDEX events_2026_kind_idx_underpin_new ON ONLY public.events_2026 (kind DESC);

-- Relation public.events_2026_h1_kind_idx_underpin_new becomes a part of relation
-- public.events_2026_kind_idx_underpin_new.
ALTER INDEX public.events_2026_kind_idx_underpin_new ATTACH PARTITION public.events_2026_h1_kind_idx_underpin_new;

-- Relation public.events_2026_kind_idx_underpin_new becomes a part of relation
-- public.events_kind_underpin_new.
ALTER INDEX public.events_kind_underpin_new ATTACH PARTITION public.events_2026_kind_idx_underpin_new;

-- Relation public.events_kind_underpin_new is described.
COMMENT ON INDEX public.events_kind_underpin_new IS 'for the newest';

COMMIT;
