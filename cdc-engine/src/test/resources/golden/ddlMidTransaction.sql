-- A table's layout changes between two rows of one transaction.
CREATE TABLE orders (id int PRIMARY KEY, status text);
-- capture
BEGIN;
INSERT INTO orders VALUES (1, 'new');
ALTER TABLE orders ADD COLUMN total numeric DEFAULT 9.90;
INSERT INTO orders VALUES (2, 'new', 1.50);
UPDATE orders SET status = 'paid';
COMMIT;
BEGIN;
INSERT INTO orders VALUES (3, 'new', 2);
ALTER TABLE orders DROP COLUMN status;
INSERT INTO orders VALUES (4, 3);
ALTER TABLE orders ALTER total TYPE text;
INSERT INTO orders VALUES (5, 'four');
COMMIT;
INSERT INTO orders VALUES (6, 'five');
