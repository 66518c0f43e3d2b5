package io.pgcdc.snapshot;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.TableName;
import io.pgcdc.session.ServerWords;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Turns a request into an order. Asks the server on a connection of its own. One thread. */
final class OrderCheck {

    /** Names that a message lists. */
    private static final int LISTED = 10;

    private final SourceServer server;
    private final SnapshotSinks sinks;

    OrderCheck(SourceServer server, SnapshotSinks sinks) {
        this.server = server;
        this.sinks = sinks;
    }

    /**
     * Returns the order.
     *
     * @throws SourceException SNAPSHOT_REFUSED: the request names what is not there; or the server is not reachable
     */
    SnapshotOrder order(String id, SnapshotRequest request) {
        for (String sink : request.sinks()) {
            if (!sinks.names().contains(sink)) {
                throw refused("there is no sink \"" + sink + "\"; the sinks are: " + String.join(", ", sinks.names()));
            }
        }
        try (CatalogConnection catalog = server.connect()) {
            SnapshotTables published = server.tables(catalog);
            List<TableName> names = published.names();
            List<String> tables = request.tables().isEmpty()
                    ? routed(names, request.sinks())
                    : request.tables().stream()
                            .flatMap(t -> find(t, names).stream())
                            .distinct()
                            .toList();
            SnapshotOrder order =
                    new SnapshotOrder(id, tables, request.where(), request.sinks(), request.reconcile(), false);
            requireCondition(catalog, published.read(order), order);
            return order;
        }
    }

    /** Returns the tables that reach a sink; none: all of the publications, also later ones. */
    private List<String> routed(List<TableName> names, List<String> to) {
        List<String> routed = to.isEmpty() ? List.of() : server.routed(names, to);
        if (!to.isEmpty() && routed.isEmpty()) {
            throw refused("no published table reaches " + String.join(", ", to));
        }
        return routed.size() == names.size() ? List.of() : routed;
    }

    /** Returns the tables that have the name, at the source or in changes. */
    private List<String> find(String wanted, List<TableName> names) {
        // the full name of one table can be the last part of another's
        List<TableName> found = matching(names, name -> wanted.equals(name.toString()));
        if (found.isEmpty()) {
            found = matching(names, name -> wanted.equals(name.name()));
        }
        if (found.isEmpty()) {
            throw refused("no publication of this pipeline has a table " + wanted + "; they have: " + listed(names));
        }
        List<String> texts = found.stream().map(TableName::toString).toList();
        if (found.stream().map(server.aliases()::nameOf).distinct().count() > 1) {
            throw refused("several published tables are called " + wanted + ": " + String.join(", ", texts)
                    + ". Name the schema as well");
        }
        return texts;
    }

    private List<TableName> matching(List<TableName> names, Predicate<TableName> wanted) {
        return names.stream()
                .filter(name ->
                        wanted.test(name) || wanted.test(server.aliases().nameOf(name)))
                .toList();
    }

    private static String listed(List<TableName> names) {
        String some = names.stream().limit(LISTED).map(TableName::toString).collect(Collectors.joining(", "));
        int more = names.size() - LISTED;
        return names.isEmpty() ? "none" : more > 0 ? some + " and " + more + " more" : some;
    }

    /**
     * Asks the server whether the condition of an order fits its table.
     *
     * @throws SourceException SNAPSHOT_REFUSED: it does not
     */
    static void requireCondition(CatalogConnection catalog, List<SnapshotTable> tables, SnapshotOrder order) {
        String where = order.where();
        if (where == null) {
            return;
        }
        if (order.reconcile()) {
            throw refused("a snapshot with a condition cannot reconcile: rows that do not meet it would be deleted");
        }
        if (order.tables().size() != 1) {
            throw refused("a condition needs exactly one table");
        }
        if (where.isBlank() || where.indexOf(';') >= 0) {
            throw refused("a condition must be one SQL expression without a semicolon");
        }
        for (SnapshotTable table : tables) {
            String wrong = catalog.ask("checking the condition", connection -> {
                // only one whole expression fits into both: no parenthesis of it closes one of ours
                String sql = "EXPLAIN " + table.select() + table.from() + " WHERE CASE WHEN " + where
                        + "\nTHEN true ELSE false END" + table.filter();
                try (Statement statement = connection.createStatement()) {
                    statement.setEscapeProcessing(false); // a question mark or a brace is the server's
                    statement.executeQuery(sql).close();
                    return "";
                } catch (SQLException e) {
                    if (!accusesCondition(e)) {
                        throw e;
                    }
                    return ServerWords.said(e);
                }
            });
            if (!wrong.isEmpty()) {
                throw refused("the server refuses the condition: " + wrong);
            }
        }
    }

    /** Class 42 is an error in the query, and 22 one in its values. */
    private static boolean accusesCondition(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return !state.equals("42501") && (state.startsWith("42") || state.startsWith("22"));
    }

    static SourceException refused(String why) {
        return new SourceException(ErrorCode.SNAPSHOT_REFUSED, why + ".");
    }
}
