-- 0003_backfill_schema.up.sql
-- Phase backfill: Rows that are there get their new values, in batches. For the old and the new application.
--
-- Checked is:
-- * Column number of public.authors is added.
--   An identity would write the whole table anew, so old rows are numbered in batches.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.authors  ACCESS SHARE  reads and writes go on; all rows are read
-- Time limits: lock_timeout 2s, no statement_timeout, since the time depends on the number of rows.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0003_backfill_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- No row waits for a value in column number of public.authors.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.authors
        WHERE number IS NULL
    ) THEN
        RAISE EXCEPTION 'public.authors has rows without their value in number';
    END IF;
END
$$;

COMMIT;
