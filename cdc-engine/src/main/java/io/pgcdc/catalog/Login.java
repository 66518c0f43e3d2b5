package io.pgcdc.catalog;

import io.pgcdc.error.Remedy;
import io.pgcdc.session.Quoted;

/**
 * The role that logged in, for the remedy of a refused replication connection.
 *
 * @param role the role of the login, even if the session has another role now
 * @param rdsRole true if Amazon's role for replication exists: there nobody can grant the attribute
 */
record Login(String role, boolean rdsRole) {

    static final String RDS_ROLE = "rds_replication";

    Remedy grantReplication() {
        String quoted = Quoted.identifier(role);
        return rdsRole
                ? Remedy.sql("As a role of the administrator", "GRANT " + RDS_ROLE + " TO " + quoted + ";")
                : Remedy.sql("As a superuser", "ALTER ROLE " + quoted + " REPLICATION;");
    }
}
