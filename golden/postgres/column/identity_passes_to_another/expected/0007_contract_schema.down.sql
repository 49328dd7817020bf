-- 0007_contract_schema.down.sql undoes 0007_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Column id of public.authors is dropped.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.authors                       ACCESS EXCLUSIVE  reads and writes wait; all rows and indexes are written anew
--   public.authors_id_seq                ROW EXCLUSIVE     reads and writes go on; single rows, each as long as its batch
--   public.authors_id_seq_underpin_gone  ROW EXCLUSIVE     reads and writes go on; single rows, each as long as its batch
-- Hazard: public.authors (ACCESS EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 2s, no statement_timeout, since the time depends on the number of rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: loses data: the values of column id of public.authors. The shape comes back, those values do
--              not.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = 0;

-- Column id of public.authors is added.
ALTER TABLE public.authors ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.authors_id_seq_underpin_gone) NOT NULL;

COMMIT;
