-- 0015_contract_schema.down.sql undoes 0015_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column id of public.event changes from integer to bigint.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.event                                SHARE             writes wait, reads go on; brief
--   public.event_2024_kind_id_idx_underpin_old  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.event_by_kind_underpin_old is made without touching the partitions.
CREATE INDEX event_by_kind_underpin_old ON ONLY public.event (kind, id_underpin_old);

-- Relation public.event_2024_kind_id_idx_underpin_old becomes a part of relation
-- public.event_by_kind_underpin_old.
ALTER INDEX public.event_by_kind_underpin_old ATTACH PARTITION public.event_2024_kind_id_idx_underpin_old;

COMMIT;
