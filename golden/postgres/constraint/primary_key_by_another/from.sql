CREATE TABLE account (id bigint NOT NULL, code text NOT NULL, CONSTRAINT account_pkey PRIMARY KEY (id));
ALTER TABLE account REPLICA IDENTITY USING INDEX account_pkey;
CREATE TABLE entry (id bigint PRIMARY KEY, account bigint CONSTRAINT entry_account_fkey REFERENCES account (id));
