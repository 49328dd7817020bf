INSERT INTO orders (note) VALUES ('old');
INSERT INTO items (id, order_id) SELECT coalesce(max(id), 0) + 1, (SELECT max(id) FROM orders) FROM items;
UPDATE items SET order_id = 1 WHERE id = 1;
