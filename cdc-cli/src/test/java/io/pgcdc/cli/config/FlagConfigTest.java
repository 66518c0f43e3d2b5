package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.model.TableName;
import io.pgcdc.pipeline.PipelineConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlagConfigTest {

    private static final Flags ALL = new Flags(
            "postgresql://cdc@h/shop",
            "s",
            List.of("p"),
            "d",
            List.of("stdout"),
            "text",
            true,
            true,
            List.of("public.users,public.orders", "a.\"b,c\""),
            null,
            null,
            null);

    @TempDir
    Path directory;

    ConfigFixture fixture = new ConfigFixture(Path.of(""));

    @BeforeEach
    void setUp() {
        fixture = new ConfigFixture(directory);
    }

    private static Flags sinks(List<String> sinks, String format) {
        return new Flags(null, null, List.of(), null, sinks, format, null, null, List.of(), null, null, null);
    }

    @Test
    void flagsAloneAreEnough() {
        PipelineConfig config = fixture.load(null, ALL).pipeline();
        assertEquals("h:5432/shop as cdc", config.source().address().describe());
        assertEquals("s", config.source().slot());
        assertEquals(List.of("p"), config.source().publications());
        assertEquals(
                List.of(new TableName("public", "users"), new TableName("public", "orders"), new TableName("a", "b,c")),
                config.source().publicationTables());
        assertEquals(directory.resolve("d"), config.queue().dir());
        assertEquals("stdout", config.sinks().get(0).name());
        assertEquals(TestSinks.Format.TEXT, config.sinks().get(0).settings().get(TestSinks.FORMAT));
    }

    @Test
    void flagsAndFileOfTheSameContentGiveTheSameConfiguration() {
        PipelineConfig file = fixture.load("""
                        source:
                          url: postgresql://cdc@h/shop
                          slot: s
                          publications: p
                          create_slot: true
                          create_publication: true
                          publication_tables: [public.users, public.orders, 'a."b,c"']
                        queue: {dir: d}
                        sinks: [{name: stdout, type: stdout, format: text}]
                        """).pipeline();
        assertEquals(file, fixture.load(null, ALL).pipeline());
    }

    @Test
    void aFlagBeatsTheFile() {
        Flags flags = new Flags(
                "postgresql://other",
                "o",
                List.of("x", "y"),
                "elsewhere",
                List.of(),
                "text",
                true,
                null,
                List.of(),
                null,
                null,
                null);
        PipelineConfig config = fixture.load(ConfigFixture.EXAMPLE, flags).pipeline();
        assertEquals("other:5432/osuser as osuser", config.source().address().describe());
        assertEquals("o", config.source().slot());
        assertEquals(List.of("x", "y"), config.source().publications());
        assertEquals(true, config.source().createSlot());
        assertEquals(directory.resolve("elsewhere"), config.queue().dir());
        assertEquals(TestSinks.Format.TEXT, config.sinks().get(0).settings().get(TestSinks.FORMAT));
    }

    @Test
    void anExplicitFalseBeatsTheFile() {
        Flags flags = new Flags(null, null, List.of(), null, List.of(), null, false, null, List.of(), null, null, null);
        String yaml = ConfigFixture.EXAMPLE.replace("slot: shop_cdc", "slot: shop_cdc, create_slot: true");
        assertEquals(true, fixture.load(yaml).pipeline().source().createSlot());
        assertEquals(false, fixture.load(yaml, flags).pipeline().source().createSlot());
    }

    @Test
    void nothingGivenNamesEveryMissingFlag() {
        assertEquals(
                List.of(
                        "command line: CDC-003 --source is missing; give it, or a file with -c",
                        "command line: CDC-003 --slot is missing; give it, or a file with -c",
                        "command line: CDC-003 --publication is missing; give it, or a file with -c",
                        "command line: CDC-003 --queue-dir is missing; give it, or a file with -c",
                        "command line: CDC-003 --sink is missing; give it, or a file with -c"),
                fixture.problems(null, Flags.NONE));
    }

    @Test
    void messagesNameTheFlag() {
        Flags flags = new Flags(
                "postgresql://u:geheim@h?sslmod=x",
                "Shop",
                List.of("a,a"),
                "",
                List.of("sdtout"),
                null,
                null,
                null,
                List.of("users"),
                null,
                null,
                null);
        assertEquals(
                List.of(
                        "command line: CDC-002 --slot is \"Shop\"; write 1 to 63 of a-z, 0-9, _",
                        "command line: CDC-002 --publication is \"a, a\"; write each element once; a is given twice",
                        "command line: CDC-002 --table is \"users\"; write schema.table; a name with other than"
                                + " a-z 0-9 _ $ in double quotes",
                        "command line: CDC-002 --queue-dir is \"\"; write a path of 1 to 4096 characters",
                        "command line: CDC-008 --source: unknown parameter \"sslmod\"; did you mean \"sslmode\"?",
                        "command line: CDC-501 --sink is \"sdtout\", an unknown type; did you mean \"stdout\"? Known names are feed, stdout, web; plugins are searched in the folder in the variable CDC_PLUGINS"),
                fixture.problems(null, flags));
    }

    @Test
    void aFormatTheSinkDoesNotHaveIsRefused() {
        String yaml = ConfigFixture.EXAMPLE.replace("type: stdout", "type: web, target: t");
        assertEquals(
                List.of("command line: CDC-001 sink \"out\" has no setting \"format\";"
                        + " known names are dead_letter, exclude_columns, exclude_tables, linger_ms, mask, mask_salt, max_lines, on_failure, origins, publications, retry_for_ms, retry_times, start, tables, target,"
                        + " token"),
                fixture.problems(yaml, sinks(List.of(), "text")));
    }

    @Test
    void ambiguousFlagsAreRefused() {
        assertEquals(
                List.of("command line: CDC-006 --sink and the sinks of cdc.yaml exclude each other; remove one"),
                fixture.problems(ConfigFixture.EXAMPLE, sinks(List.of("stdout"), "text")));
        assertEquals(
                List.of(
                        "command line: CDC-006 --format with several sinks is ambiguous; write format: under each in a file"),
                fixture.problems(
                        ConfigFixture.EXAMPLE + "  - {name: two, type: web, target: x, token: t}\n",
                        sinks(List.of(), "text")));
        String noSinks = ConfigFixture.EXAMPLE.lines().limit(2).reduce("", (a, b) -> a + b + "\n");
        assertEquals(
                List.of("command line: CDC-006 --sink stdout is given twice; remove one"),
                fixture.problems(
                        noSinks,
                        new Flags(
                                null,
                                null,
                                List.of(),
                                null,
                                List.of("stdout", "stdout"),
                                null,
                                null,
                                null,
                                List.of(),
                                null,
                                null,
                                null)));
    }

    @Test
    void tablesWithoutCreationAreRefused() {
        Flags flags = new Flags(
                null, null, List.of(), null, List.of(), null, null, null, List.of("public.users"), null, null, null);
        assertEquals(
                List.of("command line: CDC-006 --table has no effect without create_publication;"
                        + " remove it, or add create_publication: true (--create-publication)"),
                fixture.problems(ConfigFixture.EXAMPLE, flags));
    }
}
