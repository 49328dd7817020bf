CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL,
    address text GENERATED ALWAYS AS (lower(email)) STORED
);
