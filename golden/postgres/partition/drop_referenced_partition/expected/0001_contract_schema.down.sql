-- 0001_contract_schema.down.sql undoes 0001_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Relation public.regions_eu_west is dropped.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.regions_eu       SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.regions_eu_pkey  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.regions_eu_west  ACCESS EXCLUSIVE        reads and writes wait; all rows are read
--   public.shops            SHARE ROW EXCLUSIVE     writes wait, reads go on; brief
-- Hazard: public.regions_eu_west (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it
--         when those who read and write can wait.
-- Time limits: lock_timeout 500ms, no statement_timeout, since the time depends on the number of rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Relation public.regions_eu_west becomes a partition.
ALTER TABLE public.regions_eu ATTACH PARTITION public.regions_eu_west FOR VALUES FROM (1) TO (500);

COMMIT;
