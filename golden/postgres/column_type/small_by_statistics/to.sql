CREATE TABLE currencies (id integer PRIMARY KEY, minor_units integer NOT NULL);
