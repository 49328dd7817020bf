-- 0003_enforce_schema.down.sql undoes 0003_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Relation public.vehicles has other parents.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.assets    ACCESS SHARE      reads and writes go on; brief
--   public.vehicles  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Its rows are no longer seen in relation public.assets.
ALTER TABLE public.vehicles NO INHERIT public.assets;

COMMIT;
