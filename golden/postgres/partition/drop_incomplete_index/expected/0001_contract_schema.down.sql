-- 0001_contract_schema.down.sql undoes 0001_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Relation public.logs is dropped.
-- * Relation public.logs_1 is dropped.
-- * Relation public.logs_2 is dropped.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.logs_at_idx  SHARE UPDATE EXCLUSIVE  reads and writes go on, VACUUM and DDL wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: loses data: the rows of relation public.logs_1; loses data: the rows of relation
--              public.logs_2; loses data: the rows of relation public.logs. The shape comes back, those
--              values do not.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.logs is created.
CREATE TABLE public.logs (
    id integer NOT NULL,
    at date
)
PARTITION BY RANGE (id);

-- Relation public.logs_2 is created.
CREATE TABLE public.logs_2 (
    id integer CONSTRAINT logs_id_not_null NOT NULL,
    at date
);

-- Relation public.logs_2 becomes a partition.
ALTER TABLE public.logs ATTACH PARTITION public.logs_2 FOR VALUES FROM (100) TO (200);

-- Relation public.logs_1 is created.
CREATE TABLE public.logs_1 (
    id integer CONSTRAINT logs_id_not_null NOT NULL,
    at date
);

-- Relation public.logs_1 becomes a partition.
ALTER TABLE public.logs ATTACH PARTITION public.logs_1 FOR VALUES FROM (0) TO (100);

-- Relation public.logs_at_idx is made without touching the partitions.
CREATE INDEX logs_at_idx ON ONLY public.logs (at);

SET LOCAL statement_timeout = 0;
-- Relation public.logs_1_at_idx is created.
CREATE INDEX logs_1_at_idx ON public.logs_1 (at);

SET LOCAL statement_timeout = '10s';
-- Relation public.logs_1_at_idx becomes a part of relation public.logs_at_idx.
ALTER INDEX public.logs_at_idx ATTACH PARTITION public.logs_1_at_idx;

COMMIT;
