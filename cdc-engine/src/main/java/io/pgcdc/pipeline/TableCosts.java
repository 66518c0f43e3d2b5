package io.pgcdc.pipeline;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.capture.TableTraffic;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.ColumnListAdvice;
import io.pgcdc.error.CdcException;
import io.pgcdc.model.Column;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.Membership;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.TableName;
import io.pgcdc.pipeline.TableCost.Saving;
import io.pgcdc.view.RouteConfig;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Works out what tables cost, and what of it no sink reads. It asks the server on a thread of its own, which ends with the answer: readers must not wait
 * for a server that is silent. Any thread.
 */
final class TableCosts {

    private static final long ANSWER_HOLDS_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final Saving NOT_YET = new Saving(null, "the server is being asked; look again in a moment.");

    private final PipelineConfig config;
    private final TableTraffic traffic;
    private final Supplier<ServerAddress> host;

    /** What the server was asked about, by the layout's version. */
    private final Map<Integer, Saving> answers = new ConcurrentHashMap<>();

    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile long askedNanos;

    TableCosts(PipelineConfig config, TableTraffic traffic, Supplier<ServerAddress> host) {
        this.config = config;
        this.traffic = traffic;
        this.host = host;
    }

    List<TableCost> read() {
        List<TableCost> costs = traffic.read().stream()
                .map(this::cost)
                .sorted(Comparator.comparingLong(TableCost::bytes)
                        .reversed()
                        .thenComparing(cost -> cost.relation().qualifiedName()))
                .toList();
        List<TableCost> unread =
                costs.stream().filter(cost -> !cost.unread().isEmpty()).toList();
        boolean old = System.nanoTime() - askedNanos > ANSWER_HOLDS_NANOS;
        boolean unknown = unread.stream().anyMatch(cost -> NOT_YET.equals(cost.saving()));
        if (!unread.isEmpty() && (old || unknown) && asking.compareAndSet(false, true)) {
            Thread thread = new Thread(() -> ask(unread), "cdc/" + config.name() + "/table-costs");
            thread.setDaemon(true);
            thread.start();
        }
        return costs;
    }

    private TableCost cost(TableTraffic.Usage usage) {
        Relation table = usage.relation();
        TableTraffic.Sample sample = usage.sample();
        List<String> unread = unread(table, config.routes().values());
        long unreadBytes = IntStream.range(0, table.columns().size())
                .filter(i -> unread.contains(table.columns().get(i).name()))
                .mapToLong(sample.columns()::get)
                .sum();
        boolean sampled = sample.bytes() > 0;
        return new TableCost(
                table,
                usage.inserts(),
                usage.updates(),
                usage.deletes(),
                usage.bytes(),
                sampled ? (double) sample.oldRows() / sample.bytes() : null,
                unread,
                sampled ? (double) unreadBytes / sample.bytes() : null,
                unread.isEmpty() ? null : answers.getOrDefault(table.version(), NOT_YET));
    }

    /** Asks about all of them by one connection. If that fails, it is the answer for all. */
    private void ask(List<TableCost> about) {
        try (CatalogConnection catalog = Pipeline.catalog(host.get(), config.source())) {
            ColumnListAdvice advice = new ColumnListAdvice(catalog);
            for (TableCost cost : about) {
                ColumnListAdvice.Answer answer = advice.without(cost.relation(), cost.unread());
                answers.put(cost.relation().version(), new Saving(answer.sql(), answer.obstacle()));
            }
        } catch (CdcException e) {
            Saving failed = new Saving(null, "the server could not be asked: " + e.getMessage());
            about.forEach(cost -> answers.put(cost.relation().version(), failed));
        } finally {
            askedNanos = System.nanoTime();
            asking.set(false);
        }
    }

    /** Returns the columns of the table that none of the routes shows. */
    static List<String> unread(Relation table, Collection<RouteConfig> routes) {
        List<RouteConfig> takers = routes.stream()
                .filter(route -> route.takes(table.schema(), table.name()) && takesPublication(route, table))
                .toList();
        List<String> unread = table.columns().stream()
                .filter(column -> takers.isEmpty() || !isNeededByServer(column, table))
                .map(Column::name)
                .filter(column -> takers.stream().allMatch(route -> leavesOut(route, table, column)))
                .toList();
        // somebody wants to know at least that there was a change
        return !takers.isEmpty() && unread.size() == table.columns().size() ? List.of() : unread;
    }

    private static boolean takesPublication(RouteConfig route, Relation table) {
        return route.publications().isEmpty()
                || table.publications().stream().map(Membership::publication).anyMatch(route.publications()::contains);
    }

    private static boolean leavesOut(RouteConfig route, Relation table, String column) {
        return route.excludeColumns().contains(new ColumnName(new TableName(table.schema(), table.name()), column));
    }

    /** A column list must have the replica identity. That is all columns if it is FULL: then the identity can be changed first. */
    private static boolean isNeededByServer(Column column, Relation table) {
        return column.identity() && table.identity() != ReplicaIdentity.FULL;
    }
}
