CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL
);

GRANT SELECT, UPDATE ON users TO app;
GRANT SELECT (id) ON users TO reporting;
