-- The roles that golden cases name. They can not log in.
CREATE ROLE app;
CREATE ROLE reporting;
