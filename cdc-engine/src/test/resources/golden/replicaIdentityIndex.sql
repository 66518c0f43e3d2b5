-- The identity is an index other than the primary key's; its column order is not the table's.
CREATE TABLE accounts (id int PRIMARY KEY, email text NOT NULL, tenant int NOT NULL, name text);
CREATE UNIQUE INDEX accounts_by_tenant ON accounts (tenant, email);
ALTER TABLE accounts REPLICA IDENTITY USING INDEX accounts_by_tenant;
-- capture
INSERT INTO accounts VALUES (1, 'a@example.com', 7, 'A');
UPDATE accounts SET name = 'B' WHERE id = 1;
UPDATE accounts SET id = 2 WHERE id = 1;
UPDATE accounts SET tenant = 8 WHERE id = 2;
DELETE FROM accounts WHERE id = 2;
