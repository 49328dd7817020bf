CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer text NOT NULL,
    total numeric NOT NULL
);

CREATE MATERIALIZED VIEW spending AS
SELECT customer, sum(total) AS total, count(*) AS orders FROM orders GROUP BY customer;

CREATE UNIQUE INDEX spending_customer_idx ON spending (customer);

COMMENT ON MATERIALIZED VIEW spending IS 'What each customer has spent';

GRANT SELECT ON spending TO PUBLIC;

CREATE VIEW big_spenders AS
SELECT customer FROM spending WHERE total > 1000;
