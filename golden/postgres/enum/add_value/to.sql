CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');

CREATE TABLE people (
    id bigint PRIMARY KEY,
    mood mood NOT NULL DEFAULT 'ok'
);
