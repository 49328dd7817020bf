CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL
);

COMMENT ON TABLE users IS 'People who signed up';
COMMENT ON COLUMN users.email IS 'Where we write to';
