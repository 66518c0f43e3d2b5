package io.pgcdc.servers;

import java.util.Map;

/**
 * Where {@linkplain PgServer#shared shared} servers come from instead of the embedded binaries: found through ServiceLoader, by the name
 * that the system property {@value #PROPERTY} has.
 */
public interface PgServerSource {

    String PROPERTY = "pgcdc.postgres";

    String name();

    /**
     * Starts a server that is reached by TCP, by superuser {@link PgServer#SUPERUSER} with {@link PgServer#password()}.
     *
     * @param settings of postgresql.conf
     */
    PgServer start(int majorVersion, Map<String, String> settings);
}
