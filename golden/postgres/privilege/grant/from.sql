CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL
);

GRANT SELECT, INSERT ON users TO app;
