-- 0006_contract_schema.up.sql
-- Phase contract: What is old goes. For the new application.
--
-- * Relation public.events_kind is built anew.
--   The new index is built beside the old one, so that there is one at any time.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events                   ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events_2025              ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events_2025_kind_idx     SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.events_2026              ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events_2026_h1           ACCESS EXCLUSIVE        reads and writes wait; brief
--   public.events_2026_h1_kind_idx  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.events_2026_kind_idx     SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
--   public.events_kind              ACCESS EXCLUSIVE        reads and writes wait; brief
-- Time limits: lock_timeout 500ms, statement_timeout 3s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Undone by: 0006_contract_schema.down.sql (exact).

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Relation public.events_kind is dropped.
DROP INDEX public.events_kind;

-- The new index takes the name of the old one.
ALTER INDEX public.events_kind_underpin_new RENAME TO events_kind;

-- The new index takes the name of the old one.
ALTER INDEX public.events_2025_kind_idx_underpin_new RENAME TO events_2025_kind_idx;

-- The new index takes the name of the old one.
ALTER INDEX public.events_2026_kind_idx_underpin_new RENAME TO events_2026_kind_idx;

-- The new index takes the name of the old one.
ALTER INDEX public.events_2026_h1_kind_idx_underpin_new RENAME TO events_2026_h1_kind_idx;

COMMIT;
