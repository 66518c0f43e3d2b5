-- What was rolled back is not sent; ordinals count what survives.
CREATE TABLE steps (id int PRIMARY KEY);
-- capture
BEGIN;
INSERT INTO steps VALUES (1);
SAVEPOINT a;
INSERT INTO steps VALUES (2);
ROLLBACK TO a;
INSERT INTO steps VALUES (3);
SAVEPOINT b;
INSERT INTO steps VALUES (4);
RELEASE b;
COMMIT;
BEGIN;
INSERT INTO steps VALUES (5);
ROLLBACK;
INSERT INTO steps VALUES (6);
