-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.addresses is created anew.
--   No ALTER makes this change, and it holds no rows: it is dropped and created anew in one transaction.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.addresses  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users      ACCESS SHARE      reads and writes go on; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0001_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.addresses is dropped.
DROP VIEW public.addresses;

-- Relation public.addresses is created.
CREATE VIEW public.addresses AS
SELECT id, email, lower(email) AS folded FROM public.users;

COMMIT;
