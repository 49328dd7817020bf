-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.authors_id_seq is renamed to authors_id_seq_underpin_gone.
--   Its name is needed for what comes before it goes.
-- * Column number of public.authors is added.
--   An identity would write the whole table anew, so old rows are numbered in batches.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.authors                       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.authors_id_seq                ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.authors_id_seq_underpin_gone  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The name is free.
ALTER SEQUENCE public.authors_id_seq RENAME TO authors_id_seq_underpin_gone;

-- It numbers the rows until the column has its own sequence.
CREATE SEQUENCE public.authors_id_seq_underpin_old;

-- Column number of public.authors is added.
ALTER TABLE public.authors ADD COLUMN number bigint;

-- New rows are numbered; old rows are numbered in batches.
ALTER TABLE public.authors ALTER COLUMN number SET DEFAULT nextval('public.authors_id_seq_underpin_old'::regclass);

COMMIT;
