-- 0001_expand_schema.down.sql undoes 0001_expand_schema.up.sql.
-- Phase expand.
--
-- Takes back what the up file did for:
-- * Relation public.countries is created anew.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.countries              ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.countries_country_idx  ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.users                  ACCESS SHARE      reads and writes go on; all rows are read
-- Hazard: public.countries (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Relation public.countries is filled from its query.
REFRESH MATERIALIZED VIEW public.countries;

SET LOCAL statement_timeout = '3s';
-- The server learns what the rows are like before anybody asks for them.
ANALYZE public.countries;

COMMIT;
