-- 0002_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- Checked is:
-- * Constraint unique_email of public.accounts is added.
--   Its index is built while writers go on, and then becomes the constraint's.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.accounts  ACCESS SHARE  reads and writes go on; all rows are read
-- Time limits: lock_timeout 2s, no statement_timeout, since the time depends on the number of rows.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0002_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- No two rows are equal for relation public.unique_email.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.accounts
        WHERE email IS NOT NULL
        GROUP BY email
        HAVING count(*) > 1
    ) THEN
        RAISE EXCEPTION 'public.accounts has rows that are equal in (email)';
    END IF;
END
$$;

COMMIT;
