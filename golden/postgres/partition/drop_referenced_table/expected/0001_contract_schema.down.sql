-- 0001_contract_schema.down.sql undoes 0001_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Constraint shops_region_fkey of public.shops is dropped.
-- * Relation public.regions_eu_west is dropped.
-- * Relation public.regions_eu is dropped.
-- * Relation public.regions_us is dropped.
-- * Relation public.regions is dropped.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.shops  SHARE ROW EXCLUSIVE  writes wait, reads go on; all rows are read
-- Hazard: public.shops (SHARE ROW EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: loses data: the rows of relation public.regions_eu_west; loses data: the rows of relation
--              public.regions_eu; loses data: the rows of relation public.regions_us; loses data: the rows of
--              relation public.regions. The shape comes back, those values do not.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.regions is created.
CREATE TABLE public.regions (
    id integer NOT NULL,
    name text,
    CONSTRAINT regions_pkey PRIMARY KEY (id)
)
PARTITION BY RANGE (id);

-- Relation public.regions_us is created.
CREATE TABLE public.regions_us (
    id integer CONSTRAINT regions_id_not_null NOT NULL,
    name text,
    CONSTRAINT regions_us_pkey PRIMARY KEY (id)
);

-- Relation public.regions_us becomes a partition.
ALTER TABLE public.regions ATTACH PARTITION public.regions_us FOR VALUES FROM (1000) TO (2000);

-- Relation public.regions_eu is created.
CREATE TABLE public.regions_eu (
    id integer CONSTRAINT regions_id_not_null NOT NULL,
    name text,
    CONSTRAINT regions_eu_pkey PRIMARY KEY (id)
)
PARTITION BY RANGE (id);

-- Relation public.regions_eu becomes a partition.
ALTER TABLE public.regions ATTACH PARTITION public.regions_eu FOR VALUES FROM (1) TO (1000);

-- Relation public.regions_eu_west is created.
CREATE TABLE public.regions_eu_west (
    id integer CONSTRAINT regions_id_not_null NOT NULL,
    name text,
    CONSTRAINT regions_eu_west_pkey PRIMARY KEY (id)
);

-- Relation public.regions_eu_west becomes a partition.
ALTER TABLE public.regions_eu ATTACH PARTITION public.regions_eu_west FOR VALUES FROM (1) TO (500);

SET LOCAL statement_timeout = 0;
-- Constraint shops_region_fkey of public.shops is created.
ALTER TABLE public.shops ADD CONSTRAINT shops_region_fkey FOREIGN KEY (region) REFERENCES public.regions (id);

COMMIT;
