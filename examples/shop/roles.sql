-- Run it as a superuser, in any database. One login for each service and one for each way of the data; no login can enter another
-- service's database. Change the passwords.
CREATE ROLE user_service LOGIN PASSWORD 'shop';
CREATE ROLE order_service LOGIN PASSWORD 'shop';
CREATE ROLE reporting LOGIN PASSWORD 'shop';

-- cdc reads a database with the first kind and writes to one with the second
CREATE ROLE cdc_from_users LOGIN REPLICATION PASSWORD 'shop';
CREATE ROLE cdc_from_orders LOGIN REPLICATION PASSWORD 'shop';
CREATE ROLE cdc_to_users LOGIN PASSWORD 'shop';
CREATE ROLE cdc_to_orders LOGIN PASSWORD 'shop';
CREATE ROLE cdc_to_reports LOGIN PASSWORD 'shop';

CREATE DATABASE users OWNER user_service;
CREATE DATABASE orders OWNER order_service;
CREATE DATABASE reports OWNER reporting;

REVOKE ALL ON DATABASE users, orders, reports FROM PUBLIC;
GRANT CONNECT ON DATABASE users TO cdc_from_users;
GRANT CONNECT ON DATABASE orders TO cdc_from_orders;
-- CREATE: for the schema in which a sink keeps its position
GRANT CONNECT, CREATE ON DATABASE users TO cdc_to_users;
GRANT CONNECT, CREATE ON DATABASE orders TO cdc_to_orders;
GRANT CONNECT, CREATE ON DATABASE reports TO cdc_to_reports;

-- the owner of the reports may do in them what cdc does, such as read the change log that cdc makes
GRANT cdc_to_reports TO reporting;
