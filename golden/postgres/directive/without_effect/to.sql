CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL  -- underpin: using lower(email)
);
