CREATE TABLE orders (
    id bigint PRIMARY KEY,
    note text DEFAULT '',
    total numeric(12,2)
);
GRANT INSERT ON orders TO app;
