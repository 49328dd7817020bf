CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL
);

CREATE FUNCTION fold(address text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(trim(address)) $$;
