INSERT INTO assets VALUES (1, 'desk');
INSERT INTO vehicles VALUES (2, 'van', 4);
