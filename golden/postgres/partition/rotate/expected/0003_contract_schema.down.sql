-- 0003_contract_schema.down.sql undoes 0003_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Relation public.event_1 is dropped.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event    SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.event_1  ACCESS EXCLUSIVE        reads and writes wait; all rows are read
-- Hazard: public.event_1 (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = 0;

-- Relation public.event_1 becomes a partition.
ALTER TABLE public.event ATTACH PARTITION public.event_1 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');

SET LOCAL statement_timeout = '3s';
-- The server has left it when the partition was detached.
ALTER TABLE public.event_1 DROP CONSTRAINT IF EXISTS event_1_day_check;

COMMIT;
