-- 0007_enforce_schema.down.sql undoes 0007_enforce_schema.up.sql.
-- Phase enforce.
--
-- Takes back what the up file did for:
-- * Constraint events_pkey of public.events is over something else.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.events          ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_2025     ACCESS EXCLUSIVE  reads and writes wait; all rows are read
--   public.events_2026     ACCESS EXCLUSIVE  reads and writes wait; brief
--   public.events_2026_h1  ACCESS EXCLUSIVE  reads and writes wait; all rows are read
--   public.events_pkey     ACCESS EXCLUSIVE  reads and writes wait; brief
-- Hazard: public.events (ACCESS EXCLUSIVE), public.events_2025 (ACCESS EXCLUSIVE), public.events_2026 (ACCESS
--         EXCLUSIVE), public.events_2026_h1 (ACCESS EXCLUSIVE) stay locked while this file reads or writes
--         rows; run it when those who read and write can wait.
-- Time limits: lock_timeout 500ms, statement_timeout 3s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '3s';

-- Constraint events_pkey of public.events is dropped.
ALTER TABLE public.events DROP CONSTRAINT events_pkey;

-- Constraint events_pkey of public.events is made without touching the partitions.
ALTER TABLE ONLY public.events ADD CONSTRAINT events_pkey PRIMARY KEY (id, at, kind);

SET LOCAL statement_timeout = 0;
-- Its index is built under the lock.
ALTER TABLE public.events_2025 ADD CONSTRAINT events_2025_pkey PRIMARY KEY (id, at, kind);

SET LOCAL statement_timeout = '3s';
-- Constraint events_2025_pkey of public.events_2025 becomes a part of constraint events_pkey of
-- public.events.
ALTER INDEX public.events_pkey ATTACH PARTITION public.events_2025_pkey;

-- Constraint events_2026_pkey of public.events_2026 is made without touching the partitions.
ALTER TABLE ONLY public.events_2026 ADD CONSTRAINT events_2026_pkey PRIMARY KEY (id, at, kind);

SET LOCAL statement_timeout = 0;
-- Its index is built under the lock.
ALTER TABLE public.events_2026_h1 ADD CONSTRAINT events_2026_h1_pkey PRIMARY KEY (id, at, kind);

SET LOCAL statement_timeout = '3s';
-- Constraint events_2026_h1_pkey of public.events_2026_h1 becomes a part of constraint events_2026_pkey of
-- public.events_2026.
ALTER INDEX public.events_2026_pkey ATTACH PARTITION public.events_2026_h1_pkey;

-- Constraint events_2026_pkey of public.events_2026 becomes a part of constraint events_pkey of
-- public.events.
ALTER INDEX public.events_pkey ATTACH PARTITION public.events_2026_pkey;

SET LOCAL statement_timeout = 0;
-- The index stands by itself again.
CREATE UNIQUE INDEX events_2025_pkey_underpin_new ON public.events_2025 (at, id);

-- The index stands by itself again.
CREATE UNIQUE INDEX events_2026_h1_pkey_underpin_new ON public.events_2026_h1 (at, id);

COMMIT;
