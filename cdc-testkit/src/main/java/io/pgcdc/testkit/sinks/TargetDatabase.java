package io.pgcdc.testkit.sinks;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Position;
import io.pgcdc.servers.PgDatabase;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.net.FaultProxy;
import io.pgcdc.setting.Given;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.sink.SourceId;
import io.pgcdc.testkit.sink.FaultyTarget.Received;
import io.pgcdc.testkit.sink.TestContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A database of its own on a real server, reached by sinks through a proxy that can cut, and by the test itself directly. */
public final class TargetDatabase implements PgDatabase, AutoCloseable {

    public static final SourceId SOURCE = new SourceId("7000000000000000001", "shop", "shop_cdc");

    private static final Pattern ELEMENT = Pattern.compile("(\\w+)\\[(\\d+)]\\.(\\w+)");

    private final PgServer server;
    private final String database;
    private final FaultProxy proxy;
    private final Connection connection;

    public TargetDatabase(int version) {
        this(PgServer.shared(version));
    }

    public TargetDatabase(PgServer server) {
        this.server = server;
        try {
            database = server.createDatabase("target");
            proxy = new FaultProxy(server.port());
            connection = server.connect(database);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public FaultProxy proxy() {
        return proxy;
    }

    public Connection connection() {
        return connection;
    }

    @Override
    public PgServer server() {
        return server;
    }

    @Override
    public String name() {
        return database;
    }

    public String url() {
        return url(PgServer.SUPERUSER);
    }

    public String url(String user) {
        return "postgresql://" + user + "@localhost:" + proxy.port() + "/" + database;
    }

    /** A sink of this database, opened. */
    public Sink open(SinkProvider provider, String... settings) {
        Sink sink = sink(provider, settings);
        sink.open(SOURCE);
        return sink;
    }

    /** A sink of this database; settings are written {@code key=value}, a list with commas, and those of elements {@code list[0].key=value}. */
    public Sink sink(SinkProvider provider, String... settings) {
        return sinkOf("kit", provider, settings);
    }

    public Sink sinkOf(String name, SinkProvider provider, String... settings) {
        return provider.create(TestContext.of(name), values(provider, settings));
    }

    SettingValues values(SinkProvider provider, String... settings) {
        Map<String, Given> given = new LinkedHashMap<>();
        Map<String, List<Map<String, Given>>> elements = new LinkedHashMap<>();
        given.put("url", Given.text("url", url(), Place.DEFAULT));
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String key = setting.substring(0, equals);
            Matcher element = ELEMENT.matcher(key);
            if (element.matches()) {
                List<Map<String, Given>> list = elements.computeIfAbsent(element.group(1), k -> new ArrayList<>());
                if (Integer.parseInt(element.group(2)) == list.size()) {
                    list.add(new LinkedHashMap<>());
                }
                list.get(list.size() - 1)
                        .put(element.group(3), Given.text(key, setting.substring(equals + 1), Place.DEFAULT));
            } else {
                given.put(key, Given.text(key, setting.substring(equals + 1), Place.DEFAULT));
            }
        }
        elements.forEach((key, list) -> given.put(key, Given.sections(key, list, Place.DEFAULT, Place.DEFAULT)));
        Problems problems = new Problems();
        SettingValues values = new SettingReader(problems).read("sink", provider.settings(), given, missing -> {
            throw new AssertionError(missing.key() + " is missing");
        });
        provider.check(
                values,
                (setting, problem) ->
                        problems.add(ErrorCode.CONFIG_CONFLICT, Place.DEFAULT, setting.key() + " " + problem));
        problems.throwIfAny();
        return values;
    }

    public void sql(String... statements) {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One value. */
    public String ask(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of all rows. */
    public List<String> list(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rows of a position and a content. */
    public List<Received> received(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<Received> values = new ArrayList<>();
            while (rows.next()) {
                values.add(new Received(Position.parse(rows.getString(1)), String.valueOf(rows.getString(2))));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        proxy.close();
        try {
            // a session whose client has gone may still hold its origin for a moment
            list("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '" + database
                    + "' AND pid <> pg_backend_pid() AND backend_type = 'client backend'");
            // origins belong to the whole server, which has only so many
            list("SELECT pg_replication_origin_drop(roname) FROM pg_replication_origin WHERE roname LIKE '%\\_"
                    + database + "\\_slot\\_%'");
            connection.close();
            server.dropDatabase(database);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
