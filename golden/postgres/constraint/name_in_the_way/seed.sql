INSERT INTO members (id, email) VALUES (1, 'a@example.org'), (2, 'b@example.org');
INSERT INTO accounts (id, email) VALUES (1, 'a@example.org');
