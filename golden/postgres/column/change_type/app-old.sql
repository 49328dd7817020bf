INSERT INTO products VALUES (1001, 5);
UPDATE products SET price_cents = 7 WHERE id = 1;
