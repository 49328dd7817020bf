CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL
);

CREATE TABLE notes (
    id bigint PRIMARY KEY,
    user_id bigint REFERENCES users (id),
    body text
);

COMMENT ON COLUMN notes.body IS 'In Markdown';
