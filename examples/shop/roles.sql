-- Run it as a superuser, in any database: psql -v password=… -f roles.sql
-- One login for each service, and for each way of the data. No login can enter the database of another service.
CREATE ROLE user_service LOGIN PASSWORD :'password';
CREATE ROLE order_service LOGIN PASSWORD :'password';
CREATE ROLE reporting LOGIN PASSWORD :'password';

-- cdc reads a database with the first kind and writes to one with the second
CREATE ROLE cdc_from_users LOGIN REPLICATION PASSWORD :'password';
CREATE ROLE cdc_from_orders LOGIN REPLICATION PASSWORD :'password';
CREATE ROLE cdc_to_users LOGIN PASSWORD :'password';
CREATE ROLE cdc_to_orders LOGIN PASSWORD :'password';
CREATE ROLE cdc_to_reports LOGIN PASSWORD :'password';

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
