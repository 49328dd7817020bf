CREATE TABLE products (
    id bigint PRIMARY KEY,
    price bigint NOT NULL  -- underpin: using (price * 100)::bigint reverse (price / 100.0)
);
