CREATE TABLE account (
    id bigint NOT NULL CONSTRAINT account_id_key UNIQUE,
    code text NOT NULL,
    CONSTRAINT account_by_code PRIMARY KEY (code)
);
ALTER TABLE account REPLICA IDENTITY USING INDEX account_by_code;
CREATE TABLE entry (id bigint PRIMARY KEY, account bigint CONSTRAINT entry_account_fkey REFERENCES account (id));
