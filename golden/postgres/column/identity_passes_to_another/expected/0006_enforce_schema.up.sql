-- 0006_enforce_schema.up.sql
-- Phase enforce: What is new becomes binding. For the new application; the old one where a sync trigger still
-- bridges.
--
-- * Column number of public.authors is added.
--   An identity would write the whole table anew, so old rows are numbered in batches.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.authors                      ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.authors_id_seq_underpin_old  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0006_enforce_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- An identity bears no default.
ALTER TABLE public.authors ALTER COLUMN number DROP DEFAULT;

-- Column number of public.authors numbers its rows by itself.
ALTER TABLE public.authors ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.authors_id_seq);

SET LOCAL statement_timeout = 0;
-- The numbers go on where they end.
SELECT pg_catalog.setval('public.authors_id_seq', last_value, is_called) FROM public.authors_id_seq_underpin_old;

SET LOCAL statement_timeout = '3s';
-- It has done its work.
DROP SEQUENCE public.authors_id_seq_underpin_old;

COMMIT;
