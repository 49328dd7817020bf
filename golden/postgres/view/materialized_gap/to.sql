CREATE TABLE users (
    id bigint PRIMARY KEY,
    country varchar(3) NOT NULL
);

CREATE MATERIALIZED VIEW countries AS
SELECT country, count(*) AS users FROM users GROUP BY country;

CREATE UNIQUE INDEX countries_country_idx ON countries (country);

GRANT SELECT ON countries TO PUBLIC;
