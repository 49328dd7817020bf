SELECT customer, total, orders FROM spending;
SELECT customer FROM big_spenders;
