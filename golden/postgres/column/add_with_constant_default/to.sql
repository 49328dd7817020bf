CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL,
    logins integer NOT NULL DEFAULT 0
);
