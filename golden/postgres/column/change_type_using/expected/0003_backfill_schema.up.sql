-- 0003_backfill_schema.up.sql
-- Phase backfill: Rows that are there get their new values, in batches. For the old and the new application.
--
-- Checked is:
-- * Column price of public.products changes from numeric to bigint.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. From the first file on a value that
--   the new type does not take is refused, from the old application too; until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.products  ACCESS SHARE  reads and writes go on; all rows are read
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
        SELECT FROM public.products
        WHERE price_underpin_new IS DISTINCT FROM (((products.price * (100)::numeric))::bigint)
    ) THEN
        RAISE EXCEPTION 'public.products has rows without their value in price_underpin_new';
    END IF;
END
$$;

COMMIT;
