CREATE TABLE products (
    id bigint PRIMARY KEY,
    price_cents integer NOT NULL DEFAULT 0,
    CONSTRAINT products_price_check CHECK (price_cents >= 0)
);

CREATE INDEX products_price_idx ON products (price_cents);
