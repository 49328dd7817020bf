-- 0001_contract_schema.down.sql undoes 0001_contract_schema.up.sql.
-- Phase contract.
--
-- Takes back what the up file did for:
-- * Constraint notes_user_id_fkey of public.notes is dropped.
-- * Relation public.notes is dropped.
--
-- Transaction: one; the file takes effect as a whole or not at all.
-- Locks:
--   public.users  SHARE ROW EXCLUSIVE  writes wait, reads go on; all rows are read
-- Hazard: public.users (SHARE ROW EXCLUSIVE) stays locked while this file reads or writes rows; run it when
--         those who read and write can wait.
-- Time limits: lock_timeout 2s, statement_timeout 10s, none for what reads or writes rows.
-- If it fails: everything is rolled back; run the file again. After a lock timeout (55P03) look for who holds
--              the lock first.
-- Truth label: loses data: the rows of relation public.notes. The shape comes back, those values do not.

BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';

-- Relation public.notes is created.
CREATE TABLE public.notes (
    id bigint NOT NULL,
    user_id bigint,
    body text,
    CONSTRAINT notes_pkey PRIMARY KEY (id)
);

-- Column body of public.notes is described.
COMMENT ON COLUMN public.notes.body IS 'In Markdown';

SET LOCAL statement_timeout = 0;
-- Constraint notes_user_id_fkey of public.notes is created.
ALTER TABLE public.notes ADD CONSTRAINT notes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id);

COMMIT;
