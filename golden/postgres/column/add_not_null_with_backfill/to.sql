CREATE TABLE users (
    id bigint PRIMARY KEY,
    email text NOT NULL
);

CREATE TABLE orders (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    -- underpin: backfill (SELECT u.email FROM users u WHERE u.id = orders.user_id)
    sent_to text NOT NULL
);
