-- 0006_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
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
--   public.readings  ACCESS SHARE  reads and writes go on; all rows are read
-- Time limits: lock_timeout 2s, no statement_timeout, since the time depends on the number of rows.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0006_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Both columns agree to the last: nobody has written the old one past the new one.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.readings
        WHERE ((readings.degrees_underpin_old IS DISTINCT FROM ((readings.degrees::double precision)) AND readings.degrees IS DISTINCT FROM ((readings.degrees_underpin_old::integer))))
    ) THEN
        RAISE EXCEPTION 'public.readings has rows without their value in degrees_underpin_old';
    END IF;
END
$$;

COMMIT;
