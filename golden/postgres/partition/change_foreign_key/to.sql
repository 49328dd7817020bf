CREATE TABLE customers (id integer PRIMARY KEY);
CREATE TABLE orders (
    id integer NOT NULL,
    at date NOT NULL,
    customer_id integer CONSTRAINT orders_customer REFERENCES customers (id) ON DELETE CASCADE
) PARTITION BY RANGE (at);
CREATE TABLE orders_2025 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
