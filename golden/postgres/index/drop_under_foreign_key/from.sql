CREATE TABLE account (id bigint NOT NULL);
CREATE UNIQUE INDEX account_by_id ON account (id);
CREATE TABLE entry (account bigint CONSTRAINT entry_account_fkey REFERENCES account (id));
