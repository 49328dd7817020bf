INSERT INTO orders (id, user_id, sent_to) VALUES (1002, 1, 'new@example.org');
