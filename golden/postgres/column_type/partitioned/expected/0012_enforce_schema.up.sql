-- 0012_enforce_schema.up.sql
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
--   public.event       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.event_2024  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0012_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.event_2024_pkey_underpin_new is complete.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.event_2024_pkey_underpin_new') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.event_2024_pkey_underpin_new is missing or invalid';
    END IF;
END
$$;

-- Relation public.event_2024_pkey_underpin_old is complete.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.event_2024_pkey_underpin_old') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.event_2024_pkey_underpin_old is missing or invalid';
    END IF;
END
$$;

-- Relation public.event_2024_kind_id_idx_underpin_new is complete.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.event_2024_kind_id_idx_underpin_new') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.event_2024_kind_id_idx_underpin_new is missing or invalid';
    END IF;
END
$$;

-- Relation public.event_2024_of_kind_underpin_new is complete.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_index
        WHERE indexrelid = to_regclass('public.event_2024_of_kind_underpin_new') AND indisvalid
    ) THEN
        RAISE EXCEPTION 'index public.event_2024_of_kind_underpin_new is missing or invalid';
    END IF;
END
$$;

-- Relation public.event_by_kind_underpin_new is made without touching the partitions.
CREATE INDEX event_by_kind_underpin_new ON ONLY public.event (kind, id_underpin_new);

-- Relation public.event_2024_kind_id_idx_underpin_new becomes a part of relation
-- public.event_by_kind_underpin_new.
ALTER INDEX public.event_by_kind_underpin_new ATTACH PARTITION public.event_2024_kind_id_idx_underpin_new;

-- No new row has a null in id_underpin_new.
ALTER TABLE public.event ADD CONSTRAINT event_id_underpin_not_null NOT NULL id_underpin_new NOT VALID;

COMMIT;
