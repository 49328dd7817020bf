INSERT INTO sessions (user_id) VALUES (1);
