#!/bin/sh
# Makes the shop's roles, databases and tables, in the container of PostgreSQL, when its data directory is new.
set -e
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" -U postgres -f /shop/roles.sql
for service in user_service:users order_service:orders; do
    psql -v ON_ERROR_STOP=1 -U "${service%:*}" -d "${service#*:}" -f /shop/messaging.sql -f "/shop/${service#*:}.sql"
done
psql -v ON_ERROR_STOP=1 -U reporting -d reports -f /shop/reports.sql
