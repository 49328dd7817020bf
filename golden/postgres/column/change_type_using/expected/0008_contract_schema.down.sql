-- 0008_contract_schema.down.sql undoes 0008_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column price of public.products changes from numeric to bigint.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.products  ACCESS EXCLUSIVE  reads and writes wait; brief
-- Time limits: lock_timeout 2s, statement_timeout 10s.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: exact; the schema and the rows that were there are as they were before the up file.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- No new row has a null in price_underpin_old.
ALTER TABLE public.products ADD CONSTRAINT products_price_not_null_underpin_old NOT NULL price_underpin_old NOT VALID;

COMMIT;
