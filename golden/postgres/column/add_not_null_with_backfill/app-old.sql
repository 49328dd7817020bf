INSERT INTO orders (id, user_id) VALUES (1001, 1);
