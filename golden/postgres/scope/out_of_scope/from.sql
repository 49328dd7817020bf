CREATE SCHEMA app;
CREATE SCHEMA auth;
CREATE TABLE auth.users (id bigint PRIMARY KEY, email text);
CREATE TABLE app.orders (id bigint PRIMARY KEY);
CREATE TABLE app.orders_backup (id bigint PRIMARY KEY);
