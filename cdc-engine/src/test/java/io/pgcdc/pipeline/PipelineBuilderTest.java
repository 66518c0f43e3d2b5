package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.delivery.DeliveryConfig;
import io.pgcdc.delivery.FailurePolicy;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.delivery.StartFrom;
import io.pgcdc.error.ConfigException;
import io.pgcdc.model.ColumnName;
import io.pgcdc.model.TableName;
import io.pgcdc.model.TablePattern;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.Setting;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.source.TableAliases;
import io.pgcdc.view.MaskedColumn;
import io.pgcdc.view.RouteConfig;
import io.pgcdc.view.RouteSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PipelineBuilderTest {

    private static PipelineBuilder least() {
        return Pipeline.builder()
                .url("postgresql://cdc@db/shop")
                .slot("shop_cdc")
                .publications("users_pub", "orders_pub")
                .queueDirectory(Path.of("queue"))
                .sink("mine", new Nowhere());
    }

    @Test
    void omittedSettingsHaveTheirDefaults() {
        PipelineConfig config = least().config();
        assertEquals("db:5432/shop as cdc", config.source().address().describe());
        assertEquals("10", config.source().address().parameters().get(ConnectionParameter.CONNECT_TIMEOUT));
        assertEquals(
                SourceSettings.STATUS_INTERVAL_MS.defaultValue(),
                config.source().statusIntervalMs());
        assertEquals(Path.of("queue").toAbsolutePath(), config.queue().dir());
        assertEquals(QueueSettings.FILE_BYTES.defaultValue(), config.queue().fileBytes());
        assertEquals(ConfirmPolicy.SINKS, config.queue().confirm());
        assertEquals(DeliveryConfig.DEFAULT, config.delivery("mine"));
        assertEquals(RouteConfig.EVERYTHING.toString(), config.route("mine").toString());
    }

    @Test
    void aValueOfEachKindArrives() {
        TablePattern pattern = TablePattern.parse("public.\"Odd.name\"");
        MaskedColumn masked = MaskedColumn.parse("public.t.c=fixed:a, b");
        StartFrom start = StartFrom.parse("0/1A2B3C8:5");
        TableAliases aliases = TableAliases.of(Map.of("a.b_(?=1).*", "a.b"));
        PipelineConfig config = least().set(SourceSettings.CREATE_SLOT, true)
                .set(SourceSettings.CREATE_PUBLICATION, true)
                .publications("only")
                .set(SourceSettings.PUBLICATION_TABLES, List.of(TableName.parse("a.b"), TableName.parse("\"c,d\".e")))
                .set(SourceSettings.TABLE_ALIASES, aliases)
                .set(QueueSettings.CONFIRM, ConfirmPolicy.QUEUE)
                .set(PipelineSettings.MAX_ROW_BYTES, 2_048L)
                .sinkSetting("mine", SinkSettings.ON_FAILURE, FailurePolicy.STOP_PIPELINE)
                .sinkSetting("mine", SinkSettings.START, start)
                .sinkSetting("mine", RouteSettings.TABLES, List.of(pattern))
                .sinkSetting("mine", RouteSettings.EXCLUDE_COLUMNS, List.of(ColumnName.parse("public.t.d")))
                .sinkSetting("mine", RouteSettings.MASK, List.of(masked))
                .config();
        assertTrue(config.source().createSlot());
        assertEquals(aliases, config.source().aliases());
        assertEquals(
                List.of(TableName.parse("a.b"), TableName.parse("\"c,d\".e")),
                config.source().publicationTables());
        assertEquals(ConfirmPolicy.QUEUE, config.queue().confirm());
        assertEquals(2_048, config.maxRowBytes());
        assertEquals(FailurePolicy.STOP_PIPELINE, config.delivery("mine").onFailure());
        assertEquals(start, config.delivery("mine").start());
        assertEquals(List.of(pattern), config.route("mine").tables());
        assertEquals(List.of(masked), config.route("mine").masks());
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        PipelineBuilder builder = Pipeline.builder()
                .url("mysql://db/shop")
                .slot("Shop")
                .queueDirectory(Path.of("queue"))
                .set(SourceSettings.RECEIVE_TIMEOUT_MS, 1_000L)
                .sink("Mine", new Nowhere())
                .sinkSetting("Mine", RouteSettings.MASK, List.of(MaskedColumn.parse("public.t.c=hash")));
        ConfigException e = assertThrows(ConfigException.class, builder::build);
        String told = String.valueOf(e.getMessage());
        Stream.of(
                        "write postgresql://user@host:5432/database",
                        "slot is \"Shop\"; write 1 to 63 of a-z, 0-9, _",
                        "source.publications is missing; set it",
                        "source.receive_timeout_ms is 1000; write more than status_interval_ms, 10000",
                        "name is \"Mine\"; write 1 to 63 of a-z",
                        "sink \"Mine\" uses the mask hash without mask_salt")
                .forEach(part -> assertTrue(told.contains(part), part + " in " + told));
        assertTrue(told.startsWith("6 problems"), told);
    }

    @Test
    void theConnectTimeoutMayBeSetOnlyOnce() {
        PipelineBuilder twice = least().url("postgresql://cdc@db/shop?connect_timeout=3")
                .set(SourceSettings.CONNECT_TIMEOUT_MS, 5_000L);
        ConfigException e = assertThrows(ConfigException.class, twice::build);
        assertTrue(String.valueOf(e.getMessage()).contains("exclude each other"), e.getMessage());
        PipelineConfig beatsTheVariable = least().environment(Map.of("PGCONNECT_TIMEOUT", "3"))
                .set(SourceSettings.CONNECT_TIMEOUT_MS, 5_000L)
                .config();
        assertEquals(5_000, beatsTheVariable.source().connectTimeoutMs());
    }

    @Test
    void aPipelineNeedsASink() {
        PipelineBuilder builder = Pipeline.builder()
                .url("postgresql://cdc@db/shop")
                .slot("s")
                .publications("p")
                .queueDirectory(Path.of("queue"));
        ConfigException e = assertThrows(ConfigException.class, builder::build);
        assertTrue(String.valueOf(e.getMessage()).contains("there is no sink; add one"), e.getMessage());
    }

    @Test
    void aMistakeOfTheProgramIsRefusedAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> least().sink("mine", new Nowhere()));
        assertThrows(IllegalArgumentException.class, () -> least().sinkSetting("other", SinkSettings.LINGER_MS, 5L));
        assertThrows(IllegalArgumentException.class, () -> least().sinkSetting("mine", SinkSettings.NAME, "x"));
        Setting<Long> ofAnother = Setting.of("x", SourceSettings.HEARTBEAT_INTERVAL_MS.type(), 1L, "x");
        assertThrows(IllegalArgumentException.class, () -> least().set(ofAnother, 5L));
    }

    /** Keeps nothing, because none of these tests delivers a change. */
    private static final class Nowhere implements Sink {

        @Override
        public Durability write(Batch batch) {
            return Durability.DURABLE;
        }

        @Override
        public Durability flush() {
            return Durability.DURABLE;
        }

        @Override
        public void close() {}
    }
}
