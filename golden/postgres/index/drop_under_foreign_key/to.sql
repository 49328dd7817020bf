CREATE TABLE account (id bigint CONSTRAINT account_pkey PRIMARY KEY);
CREATE TABLE entry (account bigint CONSTRAINT entry_account_fkey REFERENCES account (id));
