CREATE TABLE accounts (
    id bigint PRIMARY KEY
);

CREATE TABLE users (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts (id),  -- underpin: renamed-from account
    email text UNIQUE
);

CREATE INDEX users_account_id_idx ON users (account_id);

CREATE VIEW user_accounts AS
SELECT id, account_id AS account FROM users;
