CREATE TABLE products (
    id bigint PRIMARY KEY,
    sku varchar(20) NOT NULL
);

CREATE VIEW skus AS SELECT id, sku FROM products;

COMMENT ON VIEW skus IS 'What can be sold';
