-- 0003_backfill_schema.up.sql
-- Phase backfill: Rows that are there get their new values, in batches. For the old and the new application.
--
-- Checked is:
-- * Column sent_to of public.orders is added.
--   Old rows get their values from the directive, in batches.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.orders  ACCESS SHARE  reads and writes go on; all rows are read
-- Time limits: lock_timeout 2s, no statement_timeout, since the time depends on the number of rows.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0003_backfill_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- No row waits for a value in column sent_to of public.orders.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.orders
        WHERE sent_to IS NULL
    ) THEN
        RAISE EXCEPTION 'public.orders has rows without their value in sent_to';
    END IF;
END
$$;

COMMIT;
