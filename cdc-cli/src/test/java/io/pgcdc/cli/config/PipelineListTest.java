package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ConfigException;
import io.pgcdc.pipeline.PipelineConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file with several pipelines. */
class PipelineListTest {

    private static final String SHOP = """
              - name: shop
                source: {url: "postgresql://cdc@h1/shop", slot: shop_cdc, publications: all}
                queue: {dir: queues/shop}
                sinks: [{name: out, type: stdout}]
            """;
    private static final String BILLS = """
              - source: {url: "postgresql://cdc@h2/bills", slot: bills_cdc, publications: all}
                queue: {dir: queues/bills}
                snapshot: initial
                sinks: [{name: w, type: web, target: x, token: t}]
            """;
    private static final String BOTH = "http: 127.0.0.1:9187\npipelines:\n" + SHOP + BILLS;

    @TempDir
    Path directory;

    private ConfigFixture fixture() {
        return new ConfigFixture(directory);
    }

    private List<String> problems(String yaml, Flags flags) {
        return ConfigFixture.problems(
                assertThrows(ConfigException.class, () -> fixture().process(yaml, flags)));
    }

    private static Flags flags(@Nullable String slot, @Nullable String pipeline) {
        return new Flags(null, slot, List.of(), null, List.of(), null, null, null, List.of(), null, null, pipeline);
    }

    @Test
    void eachPipelineHasItsOwnAndTheProcessHasTheRest() {
        LoadedProcess loaded = fixture().process(BOTH, Flags.NONE);
        List<PipelineConfig> pipelines =
                loaded.pipelines().stream().map(LoadedConfig::pipeline).toList();
        assertEquals(
                List.of("shop", "bills_cdc"),
                pipelines.stream().map(PipelineConfig::name).toList());
        assertEquals(directory.resolve("queues/bills"), pipelines.get(1).queue().dir());
        assertEquals("h2:5432/bills as cdc", pipelines.get(1).source().address().describe());
        assertNotNull(loaded.server());
        assertTrue(loaded.listed());
    }

    @Test
    void onePipelineIsNamed() {
        LoadedConfig named =
                fixture().process(BOTH, flags("other_slot", "shop")).one();
        assertEquals("shop", named.pipeline().name());
        assertEquals("other_slot", named.pipeline().source().slot());
        assertEquals(
                "CDC-006 the file has the pipelines shop, bills_cdc. Name one: --pipeline shop",
                assertThrows(ConfigException.class, () -> fixture().load(BOTH)).describe());
        assertEquals(
                List.of("command line: CDC-006 there is no pipeline \"shp\"; did you mean \"shop\"?"),
                problems(BOTH, flags(null, "shp")));
        assertEquals(
                List.of("command line: CDC-006 there is no pipeline \"x\"; known names are shop_cdc"),
                problems(ConfigFixture.EXAMPLE, flags(null, "x")));
        assertEquals(
                "shop_cdc",
                fixture()
                        .process(ConfigFixture.EXAMPLE, flags(null, "shop_cdc"))
                        .one()
                        .pipeline()
                        .name());
    }

    /** Otherwise one flag would change all. */
    @Test
    void aPipelinesFlagNeedsAName() {
        Flags flags = new Flags(
                null, "s", List.of("p"), null, List.of("stdout"), "text", true, null, List.of(), null, null, null);
        assertEquals(
                List.of("--slot", "--publication", "--create-slot", "--sink", "--format"),
                problems(BOTH, flags).stream()
                        .map(line -> line.split(" ", -1)[3])
                        .toList());
        assertEquals(
                "command line: CDC-006 --slot is for one pipeline, and the file has several; name it with --pipeline",
                problems(BOTH, flags).get(0));
    }

    @Test
    void pipelinesShareNothing() {
        String twice = "pipelines:\n" + SHOP + SHOP;
        assertEquals(
                List.of(
                        "cdc.yaml:6:11: CDC-006 pipeline name \"shop\" is used twice; choose another",
                        "cdc.yaml:7:53: CDC-006 source.slot is another pipeline's; choose a slot of its own",
                        "cdc.yaml:8:18: CDC-006 queue.dir " + directory.resolve("queues/shop")
                                + " belongs to another pipeline; choose a directory of its own",
                        "cdc.yaml:9:31: CDC-006 two sinks write to standard output, where their lines would mix; keep one of type stdout"),
                problems(twice, Flags.NONE));
        assertEquals(
                List.of("pipeline name \"bills_cdc\" is used twice; give one of them a name:"),
                problems(
                                "pipelines:\n" + BILLS
                                        + BILLS.replace("@h2", "@h3").replace("queues/bills", "queues/more"),
                                Flags.NONE)
                        .stream()
                        .map(line -> line.substring(line.indexOf("CDC-006 ") + 8))
                        .toList());
    }

    @Test
    void theShapeIsChecked() {
        assertEquals(
                List.of(
                        "cdc.yaml:1:1: CDC-006 source stands beside pipelines; write it in each pipeline that needs it",
                        "cdc.yaml:2:12: CDC-002 pipelines is a value; write a list: - {source: …, queue: …, sinks: …}"),
                problems("source: {url: x}\npipelines: two\n", Flags.NONE));
        assertEquals(
                List.of("cdc.yaml:1:1: CDC-003 pipelines is empty; write at least one"),
                problems("pipelines: []\n", Flags.NONE));
        assertEquals(
                List.of(
                        "cdc.yaml:2:5: CDC-002 a pipeline is a value; write a list: - {source: …, queue: …, sinks: …}",
                        "cdc.yaml:7:5: CDC-006 http belongs to the process, not to a pipeline; write it beside pipelines",
                        "cdc.yaml:8:5: CDC-001 unknown key \"sinsk\"; did you mean \"sinks\"?"),
                problems("pipelines:\n  - text\n" + SHOP + "    http: 127.0.0.1:1\n    sinsk: x\n", Flags.NONE));
        List<String> missing = problems("pipelines:\n  - name: shop\n", Flags.NONE);
        assertTrue(missing.get(0).startsWith("cdc.yaml:2:5: CDC-003 source.url is missing"), missing.get(0));
    }

    @Test
    void theViewShowsTheList() {
        String shown = ConfigView.render(fixture().process(BOTH, Flags.NONE));
        assertTrue(shown.startsWith("http:\n  listen: "), shown);
        assertTrue(shown.contains("pipelines:\n  - name: shop  # cdc.yaml:3\n    max_row_bytes: "), shown);
        assertTrue(shown.contains("\n  - max_row_bytes: 33554432  # default\n    source:\n      url: "), shown);
        String one = ConfigView.render(fixture().process(BOTH, flags(null, "bills_cdc")));
        assertTrue(one.contains("pipelines:\n  - max_row_bytes: "), one);
        assertTrue(!one.contains("shop"), one);
    }
}
