INSERT INTO account VALUES (1), (2);
INSERT INTO entry VALUES (1), (2), (NULL);
