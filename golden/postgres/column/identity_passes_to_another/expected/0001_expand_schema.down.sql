-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Relation public.authors_id_seq is renamed to authors_id_seq_underpin_gone.
-- * Column number of public.authors is added.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.authors                       ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.authors_id_seq                ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.authors_id_seq_underpin_gone  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Column number of public.authors is dropped.
ALTER TABLE public.authors DROP COLUMN number;

-- It has done its work.
DROP SEQUENCE public.authors_id_seq_underpin_old;

-- The name is free.
ALTER SEQUENCE public.authors_id_seq_underpin_gone RENAME TO authors_id_seq;

COMMIT;
