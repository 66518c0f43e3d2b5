package io.pgcdc.connect.config;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.Preflight;
import io.pgcdc.connect.config.SourceReader.ReadSource;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.SourceException;
import io.pgcdc.pipeline.RouteCheck;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Setting;
import io.pgcdc.source.PublicationCheck;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.view.RouteSettings;
import io.pgcdc.wire.ReplicationConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the servers whether the sources can be read. Changes nothing there. Blocks its caller for a few seconds at most for each host that does
 * not answer.
 */
final class ServerCheck {

    /** The worker's REST interface waits for the answer. */
    private static final int CONNECT_TIMEOUT_S = 5;

    private static final int ANSWER_TIMEOUT_MS = 10_000;

    /** In messages, as in those of a task. */
    private static final String SINK = "connect";

    private static final Set<ErrorCode> OF_THE_SLOT = Set.of(
            ErrorCode.SLOT_MISSING,
            ErrorCode.SLOT_OTHER_PLUGIN,
            ErrorCode.SLOT_OTHER_DATABASE,
            ErrorCode.SLOT_INVALIDATED,
            ErrorCode.SLOTS_EXHAUSTED);

    private static final Set<ErrorCode> OF_THE_PUBLICATIONS = Set.of(
            ErrorCode.PUBLICATION_MISSING,
            ErrorCode.PUBLICATION_SLOT_ORDER,
            ErrorCode.PUBLICATION_LACKS_TABLE,
            ErrorCode.REPLICA_IDENTITY_MISSING,
            ErrorCode.COLUMN_LISTS_DIFFER,
            ErrorCode.TABLE_MISSING);

    private static final List<Setting<?>> NAMING_COLUMNS = List.of(RouteSettings.EXCLUDE_COLUMNS, RouteSettings.MASK);

    private static final List<Setting<?>> NAMING_TABLES = List.of(
            RouteSettings.TABLES, RouteSettings.EXCLUDE_TABLES, RouteSettings.EXCLUDE_COLUMNS, RouteSettings.MASK);

    private final Problems problems;
    private final Map<String, ReadSource> bySlot = new HashMap<>();

    private ServerCheck(Problems problems) {
        this.problems = problems;
    }

    /** Adds a problem for each reason against a start, at the property that has it. */
    static void check(ConnectorConfig config, Problems problems) {
        ServerCheck check = new ServerCheck(problems);
        config.read().forEach(check::check);
    }

    private void check(ReadSource read) {
        List<CdcException> refusals = new ArrayList<>();
        for (ServerAddress host : quick(read.spec().source().address()).each()) {
            try {
                Answer answer = ask(read, host);
                checkShared(read, answer.systemIdentifier());
                if (answer.findings().isEmpty()) {
                    answer.ofRoute().forEach(f -> report(read, f.code(), blamed(read, f.code()), f.message()));
                    return;
                }
                answer.findings().forEach(f -> refusals.add(new SourceException(f.code(), f.message())));
            } catch (CdcException e) {
                refusals.add(e);
            }
        }
        refusals.forEach(refusal -> report(read, refusal.code(), String.valueOf(refusal.getMessage())));
    }

    /**
     * What a server says.
     *
     * @param findings reasons against a start
     * @param ofRoute names of tables and columns that it does not know
     */
    private record Answer(@Nullable String systemIdentifier, List<Finding> findings, List<Finding> ofRoute) {}

    /** Returns the first setting that may have the name. The message tells the name. */
    private static Setting<?> blamed(ReadSource read, ErrorCode code) {
        if (code == ErrorCode.ROUTE_CONFLICT) {
            return RouteSettings.PUBLICATIONS;
        }
        return (code == ErrorCode.COLUMN_MISSING ? NAMING_COLUMNS : NAMING_TABLES)
                .stream()
                        .filter(setting -> read.routing().given().containsKey(setting.key()))
                        .findFirst()
                        .orElse(RouteSettings.TABLES);
    }

    private static ServerAddress quick(ServerAddress address) {
        String given = address.parameters().get(ConnectionParameter.CONNECT_TIMEOUT);
        int seconds = given == null ? CONNECT_TIMEOUT_S : Math.min(CONNECT_TIMEOUT_S, Integer.parseInt(given));
        return address.with(ConnectionParameter.CONNECT_TIMEOUT, Integer.toString(seconds));
    }

    private static Answer ask(ReadSource read, ServerAddress host) {
        SourceConfig source = read.spec().source();
        try (CatalogConnection catalog =
                new CatalogConnection(host.jdbcUrl(), host::properties, host.describe(), ANSWER_TIMEOUT_MS)) {
            Preflight preflight = new Preflight(catalog, source.slot(), source.publications());
            Preflight.Findings found = preflight.inspect(source.createSlot(), source.createPublication());
            List<Finding> findings = new ArrayList<>(found.findings());
            if (findings.stream().anyMatch(f -> f.code() == ErrorCode.SERVER_TOO_OLD)) {
                return new Answer(null, findings, List.of());
            }
            findings.addAll(new PublicationCheck(source, catalog).inspect(found));
            // a connector that is reconfigured uses its slot
            findings.removeIf(f -> f.severity() != Finding.Severity.FATAL || f.code() == ErrorCode.SLOT_IN_USE);
            List<Finding> ofRoute = findings.isEmpty()
                    ? RouteCheck.inspect(catalog, source, SINK, read.spec().route())
                    : List.of();
            return new Answer(identify(host, preflight), findings, ofRoute);
        }
    }

    /** Opens a replication connection, as the task will, and returns the server's system identifier. */
    private static String identify(ServerAddress host, Preflight preflight) {
        try (ReplicationConnection connection =
                ReplicationConnection.open(host.jdbcUrl(), host.properties(), host.describe(), ANSWER_TIMEOUT_MS)) {
            return connection.identifySystem().systemIdentifier();
        } catch (SourceException e) {
            throw preflight.replicationRefused(e);
        }
    }

    /** A server may have several names, so only its own identifier tells if two sources read one slot. */
    private void checkShared(ReadSource read, @Nullable String systemIdentifier) {
        String slot = read.spec().source().slot();
        ReadSource other = systemIdentifier == null ? null : bySlot.putIfAbsent(systemIdentifier + "/" + slot, read);
        if (other != null && !other.equals(read)) {
            report(
                    read,
                    ErrorCode.CONFIG_CONFLICT,
                    SourceSettings.SLOT,
                    "sources " + other.spec().name() + " and " + read.spec().name() + " read the same slot " + slot
                            + " of one server; create another slot for one of them");
        }
    }

    private void report(ReadSource read, ErrorCode code, String message) {
        Setting<?> setting = OF_THE_SLOT.contains(code)
                ? SourceSettings.SLOT
                : OF_THE_PUBLICATIONS.contains(code) ? SourceSettings.PUBLICATIONS : SourceSettings.URL;
        report(read, code, setting, message);
    }

    private void report(ReadSource read, ErrorCode code, Setting<?> setting, String message) {
        problems.add(code, Place.property(read.property(setting)), message);
    }
}
