-- 0006_enforce_schema.down.sql undoes 0006_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Column number of public.authors is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.authors                       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.authors_id_seq                ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.authors_id_seq_underpin_gone  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- It numbers the rows until the column has its own sequence.
CREATE SEQUENCE public.authors_id_seq_underpin_old;

SET LOCAL statement_timeout = 0;
-- The numbers go on where they end.
SELECT pg_catalog.setval('public.authors_id_seq_underpin_old', last_value, is_called) FROM public.authors_id_seq;

SET LOCAL statement_timeout = '3s';
-- Column number of public.authors is a plain column.
ALTER TABLE public.authors ALTER COLUMN number DROP IDENTITY;

-- New rows are numbered; old rows are numbered in batches.
ALTER TABLE public.authors ALTER COLUMN number SET DEFAULT nextval('public.authors_id_seq_underpin_old'::regclass);

COMMIT;
