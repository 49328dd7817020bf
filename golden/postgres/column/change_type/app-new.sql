INSERT INTO products (id, price_cents) VALUES (1002, 5);
