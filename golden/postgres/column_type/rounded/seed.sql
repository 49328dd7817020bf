INSERT INTO readings VALUES (1, 21.5), (2, 20), (3, NULL);
