SELECT customer, total FROM spending;
SELECT customer FROM big_spenders;
