CREATE TABLE members (
    id bigint NOT NULL,
    contact text NOT NULL DEFAULT ''
);
CREATE TABLE accounts (
    id bigint NOT NULL,
    email text NOT NULL,
    CONSTRAINT unique_email UNIQUE (email)
);
