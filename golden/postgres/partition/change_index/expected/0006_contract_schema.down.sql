-- 0006_contract_schema.down.sql undoes 0006_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Relation public.events_kind is built anew.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events                   SHARE                   writes wait, reads go on; brief
--   public.events_2025              SHARE                   writes wait, reads go on; all rows are read
--   public.events_2025_kind_idx     SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.events_2026              SHARE                   writes wait, reads go on; brief
--   public.events_2026_h1           SHARE                   writes wait, reads go on; all rows are read
--   public.events_2026_h1_kind_idx  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.events_2026_kind_idx     SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.events_kind              SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Hazard: public.events (SHARE), public.events_2025 (SHARE), public.events_2025_kind_idx (ACCESS EXCLUSIVE),
--         public.events_2026 (SHARE) and 1 more stay locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- The name is free for the old index.
ALTER INDEX public.events_kind RENAME TO events_kind_underpin_new;

-- The name is free for the old index.
ALTER INDEX public.events_2025_kind_idx RENAME TO events_2025_kind_idx_underpin_new;

-- The name is free for the old index.
ALTER INDEX public.events_2026_kind_idx RENAME TO events_2026_kind_idx_underpin_new;

-- The name is free for the old index.
ALTER INDEX public.events_2026_h1_kind_idx RENAME TO events_2026_h1_kind_idx_underpin_new;

-- Relation public.events_kind is made without touching the partitions.
CREATE INDEX events_kind ON ONLY public.events (kind);

SET LOCAL statement_timeout = 0;
-- Relation public.events_2025_kind_idx is created.
CREATE INDEX events_2025_kind_idx ON public.events_2025 (kind);

SET LOCAL statement_timeout = '3s';
-- Relation public.events_2025_kind_idx becomes a part of relation public.events_kind.
ALTER INDEX public.events_kind ATTACH PARTITION public.events_2025_kind_idx;

-- Relation public.events_2026_kind_idx is made without touching the partitions.
CREATE INDEX events_2026_kind_idx ON ONLY public.events_2026 (kind);

SET LOCAL statement_timeout = 0;
-- Relation public.events_2026_h1_kind_idx is created.
CREATE INDEX events_2026_h1_kind_idx ON public.events_2026_h1 (kind);

SET LOCAL statement_timeout = '3s';
-- Relation public.events_2026_h1_kind_idx becomes a part of relation public.events_2026_kind_idx.
ALTER INDEX public.events_2026_kind_idx ATTACH PARTITION public.events_2026_h1_kind_idx;

-- Relation public.events_2026_kind_idx becomes a part of relation public.events_kind.
ALTER INDEX public.events_kind ATTACH PARTITION public.events_2026_kind_idx;

-- Relation public.events_kind is described.
COMMENT ON INDEX public.events_kind IS 'for the overview';

COMMIT;
