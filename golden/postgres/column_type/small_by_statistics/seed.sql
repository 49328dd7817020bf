INSERT INTO currencies VALUES (1, 2), (2, 0);
