CREATE TABLE members (
    id bigint NOT NULL,
    email text CONSTRAINT members_contact_not_null NOT NULL,
    CONSTRAINT unique_email UNIQUE (email)
);
CREATE TABLE accounts (
    id bigint NOT NULL,
    email text NOT NULL
);
