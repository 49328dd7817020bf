CREATE TABLE orders (
    id bigint PRIMARY KEY,
    note text,
    legacy text
);
CREATE INDEX orders_legacy ON orders (legacy);
COMMENT ON TABLE orders IS 'what was ordered';
GRANT SELECT ON orders TO reporting;
CREATE TABLE reports (id bigint PRIMARY KEY);
