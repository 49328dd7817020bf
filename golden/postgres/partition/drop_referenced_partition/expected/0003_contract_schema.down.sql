-- 0003_contract_schema.down.sql undoes 0003_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Relation public.regions_eu is dropped.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.regions          SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.regions_eu       ACCESS EXCLUSIVE        reads and writes wait; all rows are read
--   public.regions_eu_west  ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.regions_pkey     SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.shops            SHARE ROW EXCLUSIVE     writes wait, reads go on; brief
-- Hazard: public.regions_eu (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Relation public.regions_eu becomes a partition.
ALTER TABLE public.regions ATTACH PARTITION public.regions_eu FOR VALUES FROM (1) TO (1000);

SET LOCAL statement_timeout = '3s';
-- The server has left it when the partition was detached.
ALTER TABLE public.regions_eu DROP CONSTRAINT IF EXISTS regions_eu_id_check;

COMMIT;
