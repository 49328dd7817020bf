INSERT INTO orders VALUES (1, 'ada', 900), (2, 'ada', 200), (3, 'bob', 5);
REFRESH MATERIALIZED VIEW spending;
