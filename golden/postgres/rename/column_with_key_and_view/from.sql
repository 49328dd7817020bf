CREATE TABLE accounts (
    id bigint PRIMARY KEY
);

CREATE TABLE users (
    id bigint PRIMARY KEY,
    account bigint NOT NULL REFERENCES accounts (id),
    email text UNIQUE
);

CREATE INDEX users_account_idx ON users (account);

CREATE VIEW user_accounts AS
SELECT id, account FROM users;
