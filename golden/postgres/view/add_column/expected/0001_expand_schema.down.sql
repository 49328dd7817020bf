-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Relation public.addresses gets another query.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.addresses  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users      ACCESS SHARE      reads and writes go on; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.addresses is dropped.
DROP VIEW public.addresses;

-- Relation public.addresses is created.
CREATE VIEW public.addresses AS
SELECT id, email FROM public.users;

COMMIT;
