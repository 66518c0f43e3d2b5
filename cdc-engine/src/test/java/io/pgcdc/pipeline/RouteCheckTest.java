package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Column;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.TableName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.queue.LayoutLog;
import io.pgcdc.queue.Layouts;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.source.TableAliases;
import io.pgcdc.view.MaskedColumn;
import io.pgcdc.view.RouteSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of names in a sink's routing: on the server is {@code shop.users (id, email)}, in the queue was {@code shop.old (id, gone)}. */
class RouteCheckTest {

    private static final Layouts MET = Layouts.open(new LayoutLog() {
        @Override
        public int read(Consumer<Relation> stored) {
            PgType text = PgType.base(25, "text");
            stored.accept(new Relation(
                    1,
                    16_385,
                    "shop",
                    "old",
                    ReplicaIdentity.DEFAULT,
                    List.of(new Column("id", text, -1, true), new Column("gone", text, -1, false)),
                    List.of(0),
                    List.of()));
            return 1;
        }

        @Override
        public void append(Relation stored) {
            throw new UnsupportedOperationException("a check stores nothing");
        }

        @Override
        public QueueException missing(int version) {
            return new QueueException(ErrorCode.QUEUE_DAMAGED, "version " + version);
        }

        @Override
        public void close() {}
    });

    private SettingValues settings = SettingValues.NONE;
    private boolean rootsDiffer;
    private final List<List<String>> compared = new ArrayList<>();

    private final NamedTables server = new NamedTables() {
        @Override
        public Set<String> columns(TableName table) {
            return table.equals(TableName.parse("shop.users")) ? Set.of("id", "email") : Set.of();
        }

        @Override
        public List<TableName> tables() {
            return List.of(TableName.parse("shop.users"));
        }

        @Override
        public boolean rootsDiffer(List<String> publications) {
            compared.add(publications);
            return rootsDiffer;
        }

        @Override
        public String where() {
            return "db:5432/shop as cdc";
        }
    };

    private TableAliases aliases = TableAliases.NONE;

    private <T> void set(Setting<T> setting, T value) {
        settings = settings.with(setting, value);
    }

    private List<Finding> found(@Nullable Layouts stored) {
        PipelineConfig config = new PipelineFixture("postgresql://db/shop", "s", Path.of("queue"))
                .set(SourceSettings.PUBLICATIONS, List.of("p", "q"))
                .set(SourceSettings.TABLE_ALIASES, aliases)
                .sink("out", settings)
                .config();
        return new RouteCheck(server, config.source(), config.routes()).inspect(stored);
    }

    private List<ErrorCode> codes(@Nullable Layouts stored) {
        return found(stored).stream().map(Finding::code).toList();
    }

    private static List<TablePattern> tables(String... names) {
        return Stream.of(names).map(TablePattern::parse).toList();
    }

    private static List<ColumnName> columns(String... names) {
        return Stream.of(names).map(ColumnName::parse).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "shop.users, there",
        "shop.old, met",
        "shop.*, there",
        "nowhere.*, there",
        "shop.Users, missing",
        "other.users, missing",
    })
    void aTableThatNeitherServerNorQueueKnowsIsMissing(String table, String known) {
        for (Setting<List<TablePattern>> setting : List.of(RouteSettings.TABLES, RouteSettings.EXCLUDE_TABLES)) {
            settings = SettingValues.NONE.with(setting, List.of(TablePattern.parse(quoted(table))));
            List<ErrorCode> missing = List.of(ErrorCode.TABLE_MISSING);
            assertEquals(known.equals("missing") ? missing : List.of(), codes(MET));
            assertEquals(known.equals("there") ? List.of() : missing, codes(null));
        }
    }

    /** Puts a name with capitals in quotes. */
    private static String quoted(String table) {
        return table.replace("Users", "\"Users\"");
    }

    @ParameterizedTest
    @CsvSource({
        "shop.users.email, there, ",
        "shop.old.gone, met, TABLE_MISSING",
        "shop.users.mail, missing, COLUMN_MISSING",
        "shop.old.other, missing, TABLE_MISSING",
        "shop.none.id, missing, TABLE_MISSING",
    })
    void aColumnThatNeitherServerNorQueueKnowsIsMissing(String column, String known, @Nullable ErrorCode onServer) {
        ColumnName name = ColumnName.parse(column);
        for (SettingValues hidden : List.of(
                SettingValues.NONE.with(RouteSettings.EXCLUDE_COLUMNS, List.of(name)),
                SettingValues.NONE.with(RouteSettings.MASK, List.of(MaskedColumn.parse(column + "=fixed:x"))))) {
            settings = hidden;
            assertEquals(onServer == null ? List.of() : List.of(onServer), codes(null), "a new queue");
            List<ErrorCode> found = codes(MET);
            assertEquals(known.equals("missing"), !found.isEmpty(), "with what the queue met: " + found);
        }
    }

    @Test
    void aFindingNamesSinkMissingNameAndServer() {
        set(RouteSettings.EXCLUDE_COLUMNS, columns("shop.users.mail"));
        assertEquals(
                List.of(
                        "sink out leaves out or masks shop.users.mail, but the table has no such column; db:5432/shop as cdc."
                                + " Correct the name, or add the column first."),
                found(null).stream().map(Finding::message).toList());
    }

    /** The columns of a name that tables share are those of all of them. */
    @Test
    void aSharedNameIsCheckedByTheTablesThatCarryIt() {
        aliases = TableAliases.of(
                Map.of("shop.user.*", "logical.users", "shop.old", "logical.old", "x.y", "logical.none"));
        set(RouteSettings.TABLES, tables("logical.users", "logical.*"));
        set(RouteSettings.EXCLUDE_COLUMNS, columns("logical.users.email"));
        assertEquals(List.of(), codes(null));
        set(RouteSettings.EXCLUDE_COLUMNS, columns("logical.users.mail"));
        assertEquals(List.of(ErrorCode.COLUMN_MISSING), codes(null));
        set(RouteSettings.EXCLUDE_COLUMNS, columns("logical.none.mail"));
        assertEquals(List.of(ErrorCode.TABLE_MISSING), codes(null));
    }

    @Test
    void aNameThatChangesDoNotCarryIsRefused() {
        aliases = TableAliases.of(Map.of("shop[.](users|old)", "logical.users"));
        set(RouteSettings.MASK, List.of(MaskedColumn.parse("shop.users.email=hash")));
        assertEquals(
                List.of("sink out names table shop.users, but its changes carry the name logical.users, which"
                        + " source.table_aliases gives them; db:5432/shop as cdc. Write logical.users."),
                found(MET).stream().map(Finding::message).toList());
        settings = SettingValues.NONE;
        set(RouteSettings.TABLES, tables("shop.old"));
        assertEquals(List.of(), codes(MET), "the queue has changes with the name that the table had");
    }

    @Test
    void allWrongNamesAreFoundAtOnce() {
        set(RouteSettings.TABLES, tables("shop.a", "shop.users"));
        set(RouteSettings.EXCLUDE_TABLES, tables("shop.b"));
        set(RouteSettings.EXCLUDE_COLUMNS, columns("shop.users.mail", "shop.users.email"));
        assertEquals(List.of(ErrorCode.TABLE_MISSING, ErrorCode.TABLE_MISSING, ErrorCode.COLUMN_MISSING), codes(null));
    }

    @ParameterizedTest
    @CsvSource({"p, true", "p q, false", "q p, false", "p r, true"})
    void publicationsThatDifferInRootMustBeTakenTogether(String publications, boolean part) {
        set(RouteSettings.PUBLICATIONS, List.of(publications.split(" ")));
        assertEquals(List.of(), codes(null));
        rootsDiffer = true;
        assertEquals(part ? List.of(ErrorCode.ROUTE_CONFLICT) : List.of(), codes(null));
        assertEquals(part ? List.of(List.of("p", "q"), List.of("p", "q")) : List.of(), compared, "the slot's");
    }

    @Test
    void aSinkWithoutRoutingAsksNothing() {
        rootsDiffer = true;
        assertEquals(List.of(), codes(null));
        assertEquals(List.of(), compared);
    }
}
