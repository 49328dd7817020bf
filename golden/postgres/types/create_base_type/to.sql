CREATE TYPE cents;
CREATE FUNCTION cents_in(cstring) RETURNS cents LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION cents_out(cents) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE cents (INPUT = cents_in, OUTPUT = cents_out, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4, STORAGE = plain);
CREATE TABLE prices (id integer PRIMARY KEY, price cents);
