-- 0002_contract_schema.down.sql undoes 0002_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Relation public.regions_eu_west is dropped.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks: none on a relation that is in use.
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: loses data: the rows of relation public.regions_eu_west. The shape comes back, those values do
--              not.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.regions_eu_west is created.
CREATE TABLE public.regions_eu_west (
    id integer CONSTRAINT regions_id_not_null NOT NULL,
    name text,
    CONSTRAINT regions_eu_west_pkey PRIMARY KEY (id)
);

COMMIT;
