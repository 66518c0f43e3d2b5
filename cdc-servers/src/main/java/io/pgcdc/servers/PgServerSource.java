package io.pgcdc.servers;

import java.util.Map;

/**
 * Provides {@linkplain PgServer#shared shared} servers instead of the embedded binaries. Found through ServiceLoader, by the name
 * in the system property {@value #PROPERTY}.
 */
public interface PgServerSource {

    String PROPERTY = "pgcdc.postgres";

    String name();

    /**
     * Starts a server that the superuser {@link PgServer#SUPERUSER} reaches over TCP with {@link PgServer#password()}.
     *
     * @param settings of postgresql.conf
     */
    PgServer start(int majorVersion, Map<String, String> settings);
}
