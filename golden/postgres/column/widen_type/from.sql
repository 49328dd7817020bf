CREATE TABLE users (
    id bigint PRIMARY KEY,
    email varchar(40) NOT NULL
);
