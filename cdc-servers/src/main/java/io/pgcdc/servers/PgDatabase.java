package io.pgcdc.servers;

/** A database of a server. */
public interface PgDatabase {

    PgServer server();

    String name();
}
