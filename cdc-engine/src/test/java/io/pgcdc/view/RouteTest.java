package io.pgcdc.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.json.record.ChangeFixture;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Column;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.Membership;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.TableFacts;
import io.pgcdc.model.TablePattern;
import io.pgcdc.model.ValueState;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What one sink gets of changes that the slot sends, for a slot with the publications p and q. */
class RouteTest {

    private static final List<String> PUBLICATIONS = List.of("p", "q");
    private static final PgType TEXT = PgType.base(25, "text");

    private final List<Relation> stored = new ArrayList<>();

    private final LayoutHistory history = new LayoutHistory() {
        @Override
        public @Nullable Relation before(Relation layout) {
            return stored.stream()
                    .filter(other -> other.oid() == layout.oid() && other.version() < layout.version())
                    .reduce(null, (earlier, later) -> later);
        }

        @Override
        public Collection<Relation> all() {
            return stored;
        }
    };

    private SettingValues settings = SettingValues.NONE;

    private <T> RouteTest with(Setting<T> setting, T value) {
        settings = settings.with(setting, value);
        return this;
    }

    private RouteTest tables(String... patterns) {
        return with(
                RouteSettings.TABLES,
                Stream.of(patterns).map(TablePattern::parse).toList());
    }

    private RouteTest withoutColumns(String... names) {
        return with(
                RouteSettings.EXCLUDE_COLUMNS,
                Stream.of(names).map(ColumnName::parse).toList());
    }

    private RouteTest publications(String... names) {
        return with(RouteSettings.PUBLICATIONS, List.of(names));
    }

    private Route route() {
        return new Route("out", RouteConfig.of(settings), PUBLICATIONS, history);
    }

    /** The layout that follows those that are stored, of text columns. */
    private Relation layout(int oid, String name, String... columns) {
        Relation layout = new Relation(
                stored.size() + 1,
                oid,
                "shop",
                name,
                ReplicaIdentity.FULL,
                Stream.of(columns)
                        .map(column -> new Column(column, TEXT, -1, true))
                        .toList(),
                List.of(0),
                List.of());
        stored.add(layout);
        return layout;
    }

    /** One that has its facts: is partitioned, or a partition of that root. */
    private Relation layout(int oid, String name, boolean partitioned, @Nullable Relation root) {
        Relation plain = layout(oid, name, "id");
        Relation layout = plain.withFacts(new TableFacts(
                0,
                0,
                1,
                partitioned,
                root == null ? null : new TableFacts.Root(root.oid(), root.schema(), root.name()),
                Arrays.asList((TableFacts.ColumnFacts) null)));
        stored.set(layout.version() - 1, layout);
        return layout;
    }

    private static Relation in(Relation layout, Membership... memberships) {
        return new Relation(
                layout.version(),
                layout.oid(),
                layout.schema(),
                layout.name(),
                layout.identity(),
                layout.columns(),
                layout.recordIdColumns(),
                List.of(memberships));
    }

    /** @param kinds letters of those that it publishes, of i, u, d and t */
    private static Membership publication(String name, String kinds) {
        return new Membership(
                name,
                kinds.contains("i"),
                kinds.contains("u"),
                kinds.contains("d"),
                kinds.contains("t"),
                null,
                null,
                false);
    }

    private static ChangeFixture change(ChangeKind kind, @Nullable Relation layout) {
        ChangeFixture change = new ChangeFixture();
        change.kind = kind;
        change.relation = layout;
        return change;
    }

    private static ChangeFixture insert(Relation layout, @Nullable String... values) {
        ChangeFixture change = change(ChangeKind.INSERT, layout);
        change.newRow = ChangeFixture.row(values);
        return change;
    }

    private static void assertPasses(Route route, Change change) {
        assertSame(change, route.apply(change));
    }

    private static void assertRefuses(ErrorCode code, Route route, Change change) {
        assertEquals(
                code,
                assertThrows(SinkException.class, () -> route.apply(change)).code());
    }

    @ParameterizedTest
    @EnumSource(names = {"INSERT", "UPDATE", "DELETE", "TRUNCATE"})
    void withoutSettingsEveryChangePassesAsItIs(ChangeKind kind) {
        assertPasses(route(), change(kind, layout(1, "a", "id")));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"ANY, -, true", "ANY, berlin, true", "LOCAL, -, true", "LOCAL, berlin, false"})
    void localMeansWithoutAnOrigin(OriginFilter origins, @Nullable String origin, boolean passes) {
        ChangeFixture change = insert(layout(1, "a", "id"), "1");
        change.origin = origin;
        Change seen = with(RouteSettings.ORIGINS, origins).route().apply(change);
        assertSame(passes ? change : null, seen);
    }

    @Test
    void aMessagePassesUnlessTheSinkNamesTablesOrAPartOfThePublications() {
        ChangeFixture message = change(ChangeKind.MESSAGE, null);
        message.message = ChangeFixture.message("note", new byte[0]);
        assertPasses(route(), message);
        assertPasses(publications("q", "p").route(), message);
        assertNull(publications("p").route().apply(message));
        assertNull(publications("p", "q").tables("shop.a").route().apply(message));
    }

    @Test
    void aKindOfNoTableThatHasNoRuleIsOurMistake() {
        Route route = route();
        assertThrows(IllegalStateException.class, () -> route.apply(change(ChangeKind.SCHEMA, null)));
    }

    @Test
    void onlyTheNamedTablesPass() {
        Route route = tables("shop.a").route();
        assertPasses(route, insert(layout(1, "a", "id"), "1"));
        assertNull(route.apply(insert(layout(2, "b", "id"), "1")));
    }

    @Test
    void anExcludedTableDoesNotPass() {
        with(RouteSettings.EXCLUDE_TABLES, List.of(TablePattern.parse("shop.a")));
        assertNull(route().apply(insert(layout(1, "a", "id"), "1")));
        assertPasses(route(), insert(layout(2, "b", "id"), "1"));
    }

    /** The sink names p. Kinds that p and q publish of the table; null: the table is not in it. */
    @ParameterizedTest(name = "p: {0}, q: {1}, {2}: {3}")
    @CsvSource(nullValues = "-", textBlock = """
            iudt , -    , INSERT   , passes
            iudt , iudt , UPDATE   , passes
            i    , iudt , INSERT   , passes
            i    , iudt , UPDATE   , is left out
            i    , iudt , TRUNCATE , is left out
            -    , iudt , DELETE   , is left out
            i    , -    , UPDATE   , is unknown
            i    , i    , DELETE   , is unknown
            -    , i    , TRUNCATE , is unknown
            -    , -    , INSERT   , is unknown
            u    , -    , READ     , passes
            d    , iudt , READ     , passes
            -    , iudt , READ     , is left out
            -    , -    , READ     , is unknown
            """)
    void thePublicationsOfTheTableDecide(@Nullable String ofP, @Nullable String ofQ, ChangeKind kind, String expected) {
        List<Membership> memberships = new ArrayList<>();
        if (ofP != null) {
            memberships.add(publication("p", ofP));
        }
        if (ofQ != null) {
            memberships.add(publication("q", ofQ));
        }
        Change change = change(kind, in(layout(1, "a", "id"), memberships.toArray(Membership[]::new)));
        Route route = publications("p").route();
        switch (expected) {
            case "passes" -> assertPasses(route, change);
            case "is left out" -> assertNull(route.apply(change));
            default -> assertRefuses(ErrorCode.ROUTE_UNKNOWN, route, change);
        }
    }

    /** The server ORs row filters and joins columns: a part of the publications cannot be told from the rest. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            -     , -   , false , -     , -   , false , true
            a > 1 , a b , true  , a > 1 , a b , true  , true
            a > 1 , -   , false , a > 2 , -   , false , false
            a > 1 , -   , false , -     , -   , false , false
            -     , a   , false , -     , a b , false , false
            -     , -   , true  , -     , -   , false , false
            """)
    void publicationsThatDifferCannotBeTakenInPart(
            @Nullable String filter,
            @Nullable String columns,
            boolean viaRoot,
            @Nullable String otherFilter,
            @Nullable String otherColumns,
            boolean otherViaRoot,
            boolean alike) {
        Relation layout = in(
                layout(1, "a", "a", "b"),
                form("p", filter, columns, viaRoot),
                form("q", otherFilter, otherColumns, otherViaRoot));
        Change change = insert(layout, "1", "2");
        if (alike) {
            assertPasses(publications("p").route(), change);
        } else {
            assertRefuses(ErrorCode.ROUTE_CONFLICT, publications("p").route(), change);
        }
        assertPasses(publications("p", "q").route(), change);
        assertNull(publications("r").route().apply(change), "none of the sink's: nothing to tell apart");
    }

    private static Membership form(String name, @Nullable String filter, @Nullable String columns, boolean viaRoot) {
        return new Membership(
                name, true, true, true, true, filter, columns == null ? null : List.of(columns.split(" ")), viaRoot);
    }

    @Test
    void anExcludedColumnIsNotInTheLayoutAndNotInTheRow() {
        Change seen = withoutColumns("shop.a.secret")
                .route()
                .apply(insert(layout(1, "a", "id", "secret", "v"), "1", "s", "x"));
        Relation layout = seen.relation();
        assertEquals(
                List.of("id", "v"), layout.columns().stream().map(Column::name).toList());
        RowView row = seen.row().newRow();
        assertEquals("x", row.text(1));
    }

    @Test
    void aMaskHidesValuesAndLeavesNullAndWhatIsNotSent() {
        Route route = with(RouteSettings.MASK, List.of(MaskedColumn.parse("shop.a.v=fixed:***")))
                .route();
        Relation layout = layout(1, "a", "id", "v");
        assertEquals("***", newRow(route.apply(insert(layout, "1", "secret"))).text(1));
        assertEquals(
                ValueState.NULL, newRow(route.apply(insert(layout, "1", null))).state(1));
        RowView toasted = newRow(route.apply(insert(layout, "1", ChangeFixture.TOASTED)));
        assertEquals(ValueState.UNCHANGED_TOAST, toasted.state(1));
        assertThrows(IllegalStateException.class, () -> toasted.text(1));
        assertEquals("***", newRow(route.apply(insert(layout, "2", "other"))).text(1));
    }

    private static RowView newRow(@Nullable Change change) {
        return change.row().newRow();
    }

    @Test
    void oldAndNewRowAndWhatChangedAreSeenThroughTheSameColumns() {
        ChangeFixture update = insert(layout(1, "a", "secret", "id", "v"), "s", "1", "new");
        update.kind = ChangeKind.UPDATE;
        update.oldRow = ChangeFixture.row("t", "1", "old");
        RowChange row = withoutColumns("shop.a.secret").route().apply(update).row();
        assertEquals("old", row.oldRow().text(1));
        assertEquals("new", row.newRow().text(1));
        assertTrue(row.changedFieldsKnown());
        assertEquals(List.of(false, true), List.of(row.isChanged(0), row.isChanged(1)));
        assertEquals(List.of(true, false), List.of(row.hasSameBytes(0), row.hasSameBytes(1)));
    }

    @Test
    void aRowThatIsNotThereStaysAway() {
        Route route = withoutColumns("shop.a.v").route();
        Relation layout = layout(1, "a", "id", "v");
        assertNull(route.apply(insert(layout, "1", "x")).row().oldRow());
        assertNull(route.apply(change(ChangeKind.TRUNCATE, layout)).row());
    }

    @Test
    void aLayoutIsWorkedOutOnce() {
        Route route = withoutColumns("shop.a.v").route();
        Relation layout = layout(1, "a", "id", "v");
        Relation seen = route.apply(insert(layout, "1", "x")).relation();
        assertSame(seen, route.apply(insert(layout, "2", "y")).relation());
    }

    /** The sink leaves out the column "secret". */
    @ParameterizedTest(name = "{0}, then {1}: refused {2}")
    @CsvSource({
        "id secret, id hidden, true",
        "id secret v, id v hidden, true",
        // dropped, added, or left out under both names
        "id secret, id, false",
        "id, id secret, false",
        "id secret, id secret v, false",
        "id secret, id alias, false",
        "id v, id w, false",
    })
    void aHiddenColumnThatGoesWhileAnotherComesMayHaveBeenRenamed(String before, String after, boolean refused) {
        Route route = withoutColumns("shop.a.secret", "shop.a.alias").route();
        assertNotNull(route.apply(change(ChangeKind.TRUNCATE, layout(1, "a", before.split(" ")))));
        Change change = change(ChangeKind.TRUNCATE, layout(1, "a", after.split(" ")));
        if (refused) {
            assertRefuses(ErrorCode.ROUTE_COLUMN_RENAMED, route, change);
        } else {
            assertNotNull(route.apply(change));
        }
    }

    @Test
    void aRootThatTheSinkGotMustNotFallSilentForItsPartitions() {
        Route route = tables("shop.orders").route();
        Relation root = layout(1, "orders", true, null);
        assertPasses(route, insert(root, "1"));
        assertRefuses(ErrorCode.PARTITIONS_RENAMED, route, insert(layout(2, "orders_1", false, root), "2"));
    }

    @Test
    void aPartitionThatTheSinkGotMustNotFallSilentForItsRoot() {
        Route route = tables("shop.orders_1").route();
        Relation root = layout(1, "orders", true, null);
        Relation partition = layout(2, "orders_1", false, root);
        assertPasses(route, insert(partition, "1"));
        assertRefuses(ErrorCode.PARTITIONS_RENAMED, route, insert(root.withVersion(3), "2"));
    }

    @Test
    void aPartitionThatIsLeftOutByNameIsNotMissed() {
        with(RouteSettings.EXCLUDE_TABLES, List.of(TablePattern.parse("shop.orders_1")));
        Route route = tables("shop.orders").route();
        Relation root = layout(1, "orders", true, null);
        assertPasses(route, insert(root, "1"));
        assertNull(route.apply(insert(layout(2, "orders_1", false, root), "2")));
    }

    /** Of rows that are older than the other name's, nothing is missed; once both came, it is not known. */
    @Test
    void anOlderLayoutIsRefusedOnlyAfterTheSinkGotTheOther() {
        Route route = tables("shop.orders").route();
        Relation root = layout(1, "orders", true, null);
        Relation partition = layout(2, "orders_1", false, root);
        root = root.withVersion(3);
        stored.set(0, partition);
        stored.set(1, root);
        assertNull(route.apply(insert(partition, "1")));
        assertPasses(route, insert(root, "2"));
        assertRefuses(ErrorCode.PARTITIONS_RENAMED, route, insert(partition, "3"));
    }

    @Test
    void aTableThatIsRenamedOutOfTheTablesIsLeftOutWithAWarning() {
        Route route = tables("shop.a").route();
        assertPasses(route, insert(layout(1, "a", "id"), "1"));
        assertNull(route.apply(insert(layout(1, "b", "id"), "2")));
    }
}
