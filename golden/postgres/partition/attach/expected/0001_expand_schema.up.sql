-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- Checked is:
-- * Relation public.events_2025 becomes a partition.
--   The rows stay where they are; only where they are looked for changes.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events_2025  ACCESS SHARE  reads and writes go on; all rows are read
-- Time limits: lock_timeout 2s, no statement_timeout, since the time depends on the number of rows.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- No two rows are equal for relation public.events_2025_pkey.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.events_2025
        WHERE id IS NOT NULL AND at IS NOT NULL
        GROUP BY id, at
        HAVING count(*) > 1
    ) THEN
        RAISE EXCEPTION 'public.events_2025 has rows that are equal in (id, at)';
    END IF;
END
$$;

COMMIT;
