CREATE SCHEMA app;
CREATE SCHEMA auth;
CREATE TABLE auth.users (id bigint PRIMARY KEY);
CREATE TABLE app.orders (
    id bigint PRIMARY KEY,
    user_id bigint REFERENCES auth.users
);
