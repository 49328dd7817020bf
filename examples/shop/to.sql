-- The shop's schema as it should be. Only this file is edited; underpin finds what differs.

CREATE SCHEMA shop;

CREATE TYPE shop.order_status AS ENUM ('placed', 'paid', 'shipped', 'cancelled');

-- underpin: rows 2_000_000
CREATE TABLE shop.customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL,
    full_name text NOT NULL,  -- underpin: renamed-from name
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT customers_email_key UNIQUE (email)
);

CREATE TABLE shop.products (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku text NOT NULL,
    title text NOT NULL,
    price_cents bigint NOT NULL,
    CONSTRAINT products_sku_key UNIQUE (sku),
    CONSTRAINT products_price_check CHECK (price_cents >= 0)
);

-- underpin: rows 30_000_000
CREATE TABLE shop.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL,
    status shop.order_status NOT NULL DEFAULT 'placed',
    placed_at timestamptz NOT NULL DEFAULT now(),
    -- Where the confirmation went; the customer's address of today may be another.
    -- underpin: backfill (SELECT c.email FROM shop.customers c WHERE c.id = orders.customer_id)
    confirmation_email text NOT NULL,
    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES shop.customers (id)
);

CREATE INDEX orders_customer_id_placed_at_idx ON shop.orders (customer_id, placed_at DESC);

CREATE TABLE shop.order_items (
    order_id bigint NOT NULL,
    line integer NOT NULL,
    product_id bigint NOT NULL,
    quantity integer NOT NULL DEFAULT 1,
    CONSTRAINT order_items_pkey PRIMARY KEY (order_id, line),
    CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES shop.orders (id) ON DELETE CASCADE,
    CONSTRAINT order_items_product_id_fkey FOREIGN KEY (product_id) REFERENCES shop.products (id)
);

COMMENT ON TABLE shop.orders IS 'What customers bought and where we wrote to them';
COMMENT ON COLUMN shop.products.price_cents IS 'In cents, without tax';
