-- 0001_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.addresses gets another query.
--   Its new columns come last, so it is replaced where it stands and nothing on it is touched.
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

-- Relation public.addresses is replaced in place.
CREATE OR REPLACE VIEW public.addresses AS
SELECT id, email, lower(email) AS folded FROM public.users;

COMMIT;
