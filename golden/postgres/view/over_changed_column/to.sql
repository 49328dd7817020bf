CREATE TABLE products (
    id bigint PRIMARY KEY,
    sku varchar(40) NOT NULL
);

CREATE VIEW skus AS SELECT id, sku FROM products;

COMMENT ON VIEW skus IS 'What can be sold';
