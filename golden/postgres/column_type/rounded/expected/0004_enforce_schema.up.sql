-- 0004_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- Checked is:
-- * Column degrees of public.readings changes from double precision to integer.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. From the first file on a value that
--   the new type does not take is refused, from the old application too; until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.readings  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; all rows are read
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0004_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Both columns agree in every row.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.readings
        WHERE degrees_underpin_new IS DISTINCT FROM ((readings.degrees::integer))
    ) THEN
        RAISE EXCEPTION 'public.readings has rows without their value in degrees_underpin_new';
    END IF;
END
$$;

SET LOCAL statement_timeout = '10s';
-- The server learns the new values before they are asked for.
ANALYZE public.readings (degrees_underpin_new);

COMMIT;
