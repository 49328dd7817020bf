-- 0003_backfill_schema.up.sql
-- Phase backfill: Rows that are there get their new values, in batches. For the old and the new application.
--
-- Checked is:
-- * Column name of public.users is renamed to full_name.
--   The old application knows the old name and the new one the new name: both are written until the old one
--   is gone, and a trigger keeps them equal.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  ACCESS SHARE  reads and writes go on; all rows are read
-- Time limits: lock_timeout 2s, no statement_timeout, since the time depends on the number of rows.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0003_backfill_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Every row has its new value.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.users
        WHERE full_name IS DISTINCT FROM (users.name)
    ) THEN
        RAISE EXCEPTION 'public.users has rows without their value in full_name';
    END IF;
END
$$;

COMMIT;
