-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- Checked is:
-- * Constraint companies_pkey of public.companies is over something else.
--   The new index is built while writers go on, and the constraints change places in one transaction.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.companies  ACCESS SHARE  reads and writes go on; all rows are read
-- Time limits: lock_timeout 2s, no statement_timeout, since the time depends on the number of rows.
-- If it fails: nothing was changed. The error names what does not hold; run again what should bring it about,
--              then this file.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- No two rows are equal for relation public.companies_pkey_underpin_new.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.companies
        WHERE code IS NOT NULL
        GROUP BY code
        HAVING count(*) > 1
    ) THEN
        RAISE EXCEPTION 'public.companies has rows that are equal in (code)';
    END IF;
END
$$;

COMMIT;
