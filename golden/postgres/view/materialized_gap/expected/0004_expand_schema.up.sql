-- 0004_expand_schema.up.sql
-- Phase expand: New objects are made beside the old ones. For the old application, unchanged.
--
-- * Relation public.countries is created anew.
--   The server refuses a change of this plan while it exists: it goes before, comes back empty, and is filled
--   in a file that locks nothing else; nobody can read it in between.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.countries              ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.countries_country_idx  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users                  ACCESS SHARE      reads and writes go on; all rows are read
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0004_expand_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Relation public.countries is filled from its query.
REFRESH MATERIALIZED VIEW public.countries;

SET LOCAL statement_timeout = '3s';
-- The server learns what the rows are like before anybody asks for them.
ANALYZE public.countries;

COMMIT;
