CREATE TABLE customers (id integer PRIMARY KEY);
CREATE TABLE orders (
    id integer NOT NULL,
    at date NOT NULL,
    customer_id integer
) PARTITION BY RANGE (at);
CREATE TABLE orders_2025 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE orders_2026 ADD CONSTRAINT their_customer FOREIGN KEY (customer_id) REFERENCES customers (id);
