package io.pgcdc.source;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.catalog.CatalogConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the connection of an earlier owner of a slot. For those who know from elsewhere that the slot is theirs now. An owner is recognised by its
 * role and its application_name. One thread.
 */
public final class SlotTakeover {

    private static final Logger LOG = LoggerFactory.getLogger(SlotTakeover.class);

    private final SourceConfig source;
    private final CatalogConnection catalog;

    public SlotTakeover(SourceConfig source, CatalogConnection catalog) {
        this.source = source;
        this.catalog = catalog;
    }

    /** Ends the connection, if there is one. Does not wait until the server has released the slot. */
    public void end() {
        String name = source.address().parameters().get(ConnectionParameter.APPLICATION_NAME);
        if (name == null) {
            return; // without a name of its own, anybody's connection would look like an earlier one
        }
        OptionalInt ended = catalog.ask("ending the slot's earlier connection", connection -> {
            try (PreparedStatement statement = connection.prepareStatement("""
                    WITH owner AS MATERIALIZED ( -- or the planner may end others, before it joins
                        SELECT a.pid FROM pg_catalog.pg_replication_slots s
                        JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid
                        WHERE s.slot_name = ? AND a.application_name = ? AND a.usename = current_user)
                    SELECT pid FROM owner WHERE pg_catalog.pg_terminate_backend(pid)
                    """)) {
                statement.setString(1, source.slot());
                statement.setString(2, name);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
                }
            }
        });
        ended.ifPresent(pid -> LOG.info(
                "slot \"{}\": ended process {}, which served an earlier owner of this slot", source.slot(), pid));
    }
}
