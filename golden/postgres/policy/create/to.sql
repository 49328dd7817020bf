CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL
);

ALTER TABLE users ENABLE ROW LEVEL SECURITY;

CREATE POLICY users_self ON users USING (email = current_user);
