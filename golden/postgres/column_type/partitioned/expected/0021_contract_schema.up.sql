-- 0021_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- Checked is:
-- * Column id of public.event changes from integer to bigint.
--   The server would write the table anew under a lock that shuts out all others; so a second column is
--   filled beside the first and takes its place in one short transaction. Until the contract phase the new
--   column takes only what the old type can hold.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event  ACCESS SHARE  reads and writes go on; all rows are read
-- Time limits: lock_timeout 2s, no statement_timeout, since the time depends on the number of rows.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0021_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Both columns agree to the last: nobody has written the old one past the new one.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.event
        WHERE id_underpin_old IS DISTINCT FROM ((event.id::integer))
    ) THEN
        RAISE EXCEPTION 'public.event has rows without their value in id_underpin_old';
    END IF;
END
$$;

COMMIT;
