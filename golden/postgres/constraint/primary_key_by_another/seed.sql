INSERT INTO account VALUES (1, 'a'), (2, 'b');
INSERT INTO entry VALUES (1, 1), (2, 2), (3, NULL);
