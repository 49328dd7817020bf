CREATE TABLE users (
    id bigint PRIMARY KEY,
    name varchar(40) NOT NULL DEFAULT 'nobody',
    CONSTRAINT users_name_check CHECK (name <> '')
);
