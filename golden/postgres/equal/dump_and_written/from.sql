CREATE TABLE users (
    id serial PRIMARY KEY,
    email varchar(40) UNIQUE,
    active bool DEFAULT true CHECK (id > 0)
);
