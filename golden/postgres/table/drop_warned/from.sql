CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL
);
CREATE TABLE notes (id bigint PRIMARY KEY, body text);
