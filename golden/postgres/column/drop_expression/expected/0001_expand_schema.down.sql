-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Column gross of public.invoices is no longer generated.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.invoices       ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.invoices_pkey  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Hazard: public.invoices (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Nobody writes between the check and what follows.
LOCK TABLE public.invoices IN ACCESS EXCLUSIVE MODE;

SET LOCAL statement_timeout = 0;
-- No value of column gross of public.invoices would be lost.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM public.invoices
        WHERE invoices.gross IS DISTINCT FROM ((invoices.net * 1.2))
    ) THEN
        RAISE EXCEPTION 'public.invoices has rows whose gross is not what its expression gives';
    END IF;
END
$$;

SET LOCAL statement_timeout = '3s';
-- Column gross of public.invoices is made anew: no statement makes a column generated.
ALTER TABLE public.invoices DROP COLUMN gross;

SET LOCAL statement_timeout = 0;
-- Column gross of public.invoices is added.
ALTER TABLE public.invoices ADD COLUMN gross numeric GENERATED ALWAYS AS ((net * 1.2)) STORED;

SET LOCAL statement_timeout = '3s';
-- Column gross of public.invoices is described.
COMMENT ON COLUMN public.invoices.gross IS 'with tax';

COMMIT;
