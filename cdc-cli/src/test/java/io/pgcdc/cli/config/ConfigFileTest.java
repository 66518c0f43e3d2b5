package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.TableName;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.queue.ConfirmPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {

    private static final String VALID_REST = "queue: {dir: q}\nsinks: [{name: out, type: stdout}]\n";

    @TempDir
    Path directory;

    ConfigFixture fixture = new ConfigFixture(Path.of(""));

    @BeforeEach
    void setUp() {
        fixture = new ConfigFixture(directory);
    }

    @Test
    void theDocumentedExampleIsUnderstood() {
        PipelineConfig config = fixture.load(ConfigFixture.EXAMPLE).pipeline();
        assertEquals("localhost:5432/shop as cdc", config.source().address().describe());
        assertEquals("shop_cdc", config.source().slot());
        assertEquals(List.of("users_pub", "orders_pub"), config.source().publications());
        assertEquals(directory.resolve("queue"), config.queue().dir());
        assertEquals(ConfirmPolicy.SINKS, config.queue().confirm());
        assertEquals("out", config.sinks().get(0).name());
        assertEquals("stdout", config.sinks().get(0).type());
        assertEquals(TestSinks.Format.JSON, config.sinks().get(0).settings().get(TestSinks.FORMAT));
        assertEquals("10", config.source().address().properties().getProperty("connectTimeout"));
    }

    @Test
    void everySettingCanBeGiven() {
        PipelineConfig config = fixture.load("""
                        max_row_bytes: 2048
                        source:
                          url: host=db1,db2 user=u dbname=d
                          slot: s
                          publications: p
                          create_slot: true
                          create_publication: true
                          publication_tables: [public.users, '"My, S"."T"']
                          table_aliases:
                            "public.users_[0-9]+": public.users
                            '"My, S"."T=.*"': '"My, S"."T"'
                          status_interval_ms: 100
                          receive_timeout_ms: 2000
                          connect_timeout_ms: 3000
                        queue:
                          dir: /var/lib/cdc
                          confirm: queue
                          segment_bytes: 4096
                          file_bytes: 1048576
                          flush_interval_ms: 7
                        sinks:
                          - name: a
                            type: stdout
                            format: text
                          - name: b
                            type: web
                            target: "x: y"
                            max_lines: 10
                        """).pipeline();
        assertEquals(2048, config.maxRowBytes());
        assertEquals(
                List.of(new TableName("public", "users"), new TableName("My, S", "T")),
                config.source().publicationTables());
        assertEquals(
                Map.of("public.users_[0-9]+", "public.users", "\"My, S\".\"T=.*\"", "\"My, S\".\"T\""),
                config.source().aliases().shown());
        assertTrue(config.source().createSlot() && config.source().createPublication());
        assertEquals(100, config.source().statusIntervalMs());
        assertEquals(2000, config.source().receiveTimeoutMs());
        assertEquals(3000, config.source().connectTimeoutMs());
        assertEquals("3", config.source().address().properties().getProperty("connectTimeout"));
        assertEquals(Path.of("/var/lib/cdc"), config.queue().dir());
        assertEquals(ConfirmPolicy.QUEUE, config.queue().confirm());
        assertEquals(4096, config.queue().segmentBytes());
        assertEquals(1048576, config.queue().fileBytes());
        assertEquals(7, config.queue().flushIntervalMs());
        assertEquals(TestSinks.Format.TEXT, config.sinks().get(0).settings().get(TestSinks.FORMAT));
        assertEquals("x: y", config.sinks().get(1).settings().get(TestSinks.TARGET));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // one line under source, in line 4
                "slott: x              | 4:3: CDC-001 unknown key \"slott\" under source; did you mean \"slot\"?",
                "table_mask: x         | 4:3: CDC-001 unknown key \"table_mask\" under source; known names are connect_timeout_ms, create_publication, create_slot, failover_slot, heartbeat_interval_ms, password_command, publication_tables, publications, receive_timeout_ms, reconnect, slot, status_interval_ms, table_aliases, url, watch_interval_ms",
                "createSlot: true      | 4:3: CDC-001 unknown key \"createSlot\" under source; did you mean \"create_slot\"?",
                "failover_slot: true   | 4:18: CDC-006 source.failover_slot has no effect without create_slot; remove it, or add create_slot: true (--create-slot)",
                "create_slot: yes      | 4:16: CDC-002 source.create_slot is \"yes\"; write true or false",
                "create_slot: [true]   | 4:16: CDC-002 source.create_slot is a list; write one boolean",
                "create_slot: {a: b}   | 4:16: CDC-002 source.create_slot is a mapping; write a value",
                "create_slot:          | 4:3: CDC-003 source.create_slot has no value; write one, or remove the key",
                "status_interval_ms: 50 | 4:23: CDC-002 source.status_interval_ms is 50; write 100 to 600000",
                "status_interval_ms: 10s | 4:23: CDC-002 source.status_interval_ms is \"10s\"; write a whole number, 100 to 600000",
                "status_interval_ms: 1e4 | 4:23: CDC-002 source.status_interval_ms is \"1e4\"; write a whole number, 100 to 600000",
                "status_interval_ms: 99999999999999999999 | 4:23: CDC-002 source.status_interval_ms is 99999999999999999999; write a whole number, 100 to 600000",
                "connect_timeout_ms: 1500 | 4:23: CDC-002 source.connect_timeout_ms is 1500; write 1000 to 600000, a multiple of 1000",
                "receive_timeout_ms: 10000 | 4:23: CDC-006 source.receive_timeout_ms is 10000; write more than status_interval_ms, 10000",
                "status_interval_ms: 60000 | 4:23: CDC-006 source.receive_timeout_ms is 60000; write more than status_interval_ms, 60000",
                "publication_tables: [a.b] | 4:23: CDC-006 source.publication_tables has no effect without create_publication; remove it, or add create_publication: true (--create-publication)",
                "publication_tables: [Users] | 4:23: CDC-002 source.publication_tables is \"Users\"; write schema.table; a name with other than a-z 0-9 _ $ in double quotes",
                "table_aliases: public.a   | 4:18: CDC-002 source.table_aliases is a value; write {name: value}",
                "table_aliases: {a: [b]}   | 4:22: CDC-002 source.table_aliases.a is a list; write a value",
                "table_aliases: {a.b_: b}  | 4:18: CDC-002 source.table_aliases does not fit; write one table for \"a.b_\" in place of \"b\": schema.table; a name with other than a-z 0-9 _ $ in double quotes",
                "table_aliases: {'a(': a.b} | 4:18: CDC-002 source.table_aliases does not fit; write a Java regular expression in place of \"a(\", which has an error at character 3: Unclosed group",
                "publication_tables: [[a]] | 4:24: CDC-002 an element of source.publication_tables is a list; write a text",
                "slot: other           | 4:3: CDC-005 key \"slot\" is used twice, first in line 3; write it once",
                "create_slot: ${env:NOPE} | 4:16: CDC-007 \"${env:NOPE}\": the variable is not set; set it or write the value",
                "create_slot: ${file:nope} | 4:16: CDC-007 \"${file:nope}\": the file does not exist; create it or correct the path",
                "create_slot: ${ENV}   | 4:16: CDC-007 \"${ENV}\" is unknown; write ${env:NAME} or ${file:/path}, and $${ for ${ itself",
                "create_slot: '${env:A' | 4:16: CDC-007 ${ is not closed; write ${env:NAME} or ${file:/path}, and $${ for ${ itself",
                "create_slot: *a       | 4:16: CDC-005 aliases (*) are not supported; write the value itself, in quotes if it begins with *",
                "create_slot: !!bool true | 4:16: CDC-005 tags (!) are not supported; write only the value, in quotes if it begins with !",
            })
    void wrongLineUnderSourceIsNamedByItsPlace(String line, String problem) {
        String yaml =
                "source:\n  url: postgresql://u@h/d\n  slot: s\n  " + line + "\n  publications: [p]\n" + VALID_REST;
        assertEquals(List.of("cdc.yaml:" + problem), fixture.problems(yaml));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url: postgresql://u:geheim@h:x/d | 2:9: CDC-008 source.url: port is \"x\"; write 1 to 65535",
                "url: 'postgresql://h?connect_timeout=5', connect_timeout_ms: 1000 | 2:65: CDC-006 source.connect_timeout_ms and connect_timeout in the URL exclude each other; remove one",
                "url: h=1, url: h=2 | 2:14: CDC-005 key \"url\" is used twice, first in line 2; write it once;2:9: CDC-008 source.url: unknown parameter \"h\"; known names are application_name, channel_binding, connect_timeout, dbname, gssencmode, host, keepalives, krbsrvname, load_balance_hosts, options, passfile, password, port, require_auth, sslcert, sslkey, sslmode, sslnegotiation, sslpassword, sslrootcert, target_session_attrs, user",
            })
    void wrongUrlIsNamedByItsPlace(String url, String problems) {
        String yaml = "source:\n  {" + url + ", slot: s, publications: [p]}\n" + VALID_REST;
        assertEquals(
                List.of(problems.replace("once;2", "once\n2").split("\n", -1)).stream()
                        .map(p -> "cdc.yaml:" + p)
                        .sorted()
                        .toList(),
                fixture.problems(yaml).stream().sorted().toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "slot: Shop, publications: [p] | CDC-002 source.slot is \"Shop\"; write 1 to 63 of a-z, 0-9, _",
                "slot: 'a b', publications: [p] | CDC-002 source.slot is \"a b\"; write 1 to 63 of a-z, 0-9, _",
                "slot: '', publications: [p] | CDC-002 source.slot is \"\"; write 1 to 63 of a-z, 0-9, _",
                "slot: s, publications: [] | CDC-002 source.publications is empty; write at least one",
                "slot: s, publications: [p, q, p] | CDC-002 source.publications is \"p, q, p\"; write each element once; p is given twice",
                "slot: s, publications: 'p,,q' | CDC-002 source.publications is \"p, , q\"; write names of 1 to 63 bytes",
                "slot: s, publications: [''] | CDC-002 source.publications is \"\"; write names of 1 to 63 bytes",
                "slot: s, publications: [p, q], create_publication: true | CDC-006 source.create_publication with several publications is ambiguous; create them with SQL",
            })
    void wrongSlotOrPublicationsSayWhatToWrite(String keys, String problem) {
        List<String> problems = fixture.problems("source: {url: 'postgresql://u@h/d', " + keys + "}\n" + VALID_REST);
        assertEquals(1, problems.size(), problems.toString());
        assertEquals(problem, problems.get(0).replaceFirst("cdc.yaml:1:\\d+: ", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dir: q, confirm: sink | sinks: [{name: a, type: stdout}] | 2:27: CDC-002 queue.confirm is \"sink\"; write one of sinks, queue, auto",
                "dir: q, auto_queue_below_ms: 1 | sinks: [{name: a, type: stdout}] | 2:39: CDC-006 queue.auto_queue_below_ms has no effect without confirm: auto; remove it, or set confirm: auto",
                "dir: q, confirm: auto, when_full: fail | sinks: [{name: a, type: stdout}] | 2:44: CDC-006 queue.when_full: fail requires confirm: queue; with confirm: sinks or auto write when_full: pause, because the primary keeps the WAL",
                "dir: '' | sinks: [{name: a, type: stdout}] | 2:15: CDC-002 queue.dir is \"\"; write a path of 1 to 4096 characters",
                "dir: q, segment_bytes: 67108864, file_bytes: 1048576 | sinks: [{name: a, type: stdout}] | 2:33: CDC-006 queue.segment_bytes is 67108864; write at most file_bytes, 1048576",
                "dir: q, file_bytes: 1048576, max_bytes: 4194304, retain_bytes: 3000000 | sinks: [{name: a, type: stdout}] | 2:73: CDC-006 queue.retain_bytes is 3000000; write at most max_bytes minus twice file_bytes, 2097152, because changes that sinks lack need room",
                "dir: q | sinks: [{name: a, type: stdout, start: end}] | 3:40: CDC-002 sinks[0].start is \"end\"; write beginning, now, snapshot, or the position after which to begin, such as 0/1A2B3C8:5",
                "dir: q | sinks: [{name: a, type: stdout, start: 0/1A2B3C8}] | 3:40: CDC-002 sinks[0].start is \"0/1A2B3C8\"; write beginning, now, snapshot, or the position after which to begin, such as 0/1A2B3C8:5",
                "dir: q | sinks: [{name: a, type: kafka}] | 3:25: CDC-501 sinks[0].type is \"kafka\", an unknown type; known names are feed, stdout, web; plugins are searched in the folder in the variable CDC_PLUGINS",
                "dir: q | sinks: [{name: a, type: sdtout}] | 3:25: CDC-501 sinks[0].type is \"sdtout\", an unknown type; did you mean \"stdout\"? Known names are feed, stdout, web; plugins are searched in the folder in the variable CDC_PLUGINS",
                "dir: q | sinks: [{name: a, type: stdout, colour: x}] | 3:33: CDC-001 unknown key \"colour\" under sink \"a\"; known names are dead_letter, exclude_columns, exclude_tables, format, linger_ms, mask, mask_salt, on_failure, origins, publications, retry_for_ms, retry_times, start, tables",
                "dir: q | sinks: [{name: a, type: stdout, exclude_column: x}] | 3:33: CDC-001 unknown key \"exclude_column\" under sink \"a\"; did you mean \"exclude_columns\"?",
                "dir: q | sinks: [{name: a, type: stdout, publications: [p, other]}] | 3:47: CDC-006 sink \"a\": publication \"other\" is not one of source.publications; known names are p",
                "dir: q | sinks: [{name: a, type: stdout, tables: [users]}] | 3:41: CDC-002 sinks[0].tables is \"users\"; write schema.table or schema.*; a name with other than a-z 0-9 _ $ in double quotes",
                "dir: q | sinks: [{name: a, type: stdout, exclude_columns: [s.users]}] | 3:50: CDC-002 sinks[0].exclude_columns is \"s.users\"; write schema.table.column; a name with other than a-z 0-9 _ $ in double quotes",
                "dir: q | sinks: [{name: a, type: stdout, mask: [s.t.c=rot13]}] | 3:39: CDC-002 sinks[0].mask is \"s.t.c=rot13\"; write schema.table.column=MASK, where MASK is hash, truncate:N (N from 1 to 10000) or fixed:TEXT",
                "dir: q | sinks: [{name: a, type: stdout, mask: [s.t.c=truncate:0]}] | 3:39: CDC-002 sinks[0].mask is \"s.t.c=truncate:0\"; write schema.table.column=MASK, where MASK is hash, truncate:N (N from 1 to 10000) or fixed:TEXT",
                "dir: q | sinks: [{name: a, type: stdout, mask: [s.t.c=hash]}] | 3:39: CDC-003 sink \"a\" uses the mask hash without mask_salt; write mask_salt: ${env:MASK_SALT}, at least 16 characters",
                "dir: q | sinks: [{name: a, type: stdout, mask: [s.t.c=hash], mask_salt: short}] | 3:64: CDC-002 sinks[0].mask_salt does not fit; write at least 16 characters",
                "dir: q | sinks: [{name: a, type: stdout, mask_salt: long enough for a salt}] | 3:44: CDC-006 sink \"a\": mask_salt has no effect without the mask hash; remove it",
                "dir: q | sinks: [{name: a, type: stdout, exclude_columns: [s.t.c], mask: ['s.t.c=fixed:']}] | 3:65: CDC-006 sink \"a\": s.t.c is excluded or masked twice; list it once, in exclude_columns or in mask",
                "dir: q | sinks: [{name: a, type: web, target: t, max_lines: 11}] | 3:52: CDC-002 sinks[0].max_lines is 11; write 1 to 10",
                "dir: q | sinks: [{name: a, type: web}] | 3:9: CDC-003 the sink's target is missing; write it",
                "dir: q | sinks: [{type: stdout}] | 3:9: CDC-003 the sink's name is missing; write it",
                "dir: q | sinks: [{name: a}] | 3:9: CDC-003 the sink's type is missing; write it",
                "dir: q | sinks: [{name: A b, type: stdout}] | 3:16: CDC-002 sinks[0].name is \"A b\"; write 1 to 63 of a-z, 0-9, _, -, a letter or digit first",
                "dir: q, confirm: queue | sinks: [{name: a, type: feed}] | 3:25: CDC-003 queue.retain_bytes is missing, and a feed's clients get what the queue keeps; write under queue, for example: retain_bytes: 1000000000",
                "dir: q, confirm: queue, retain_bytes: 10MB | sinks: [{name: a, type: feed}] | 2:48: CDC-002 queue.retain_bytes is \"10MB\"; write a whole number, 0 to 1125899906842624",
                "dir: q, retain_bytes: 1 | sinks: [{name: a, type: feed}] | 3:25: CDC-006 queue.confirm is sinks, and feeds, the only sinks, confirm nothing; write under queue: confirm: queue",
                "dir: q, retain_bytes: 1, confirm: auto | sinks: [{name: a, type: feed}] | 2:44: CDC-006 queue.confirm is auto, and feeds, the only sinks, confirm nothing; write under queue: confirm: queue",
                "dir: q, retain_bytes: 1 | sinks: [{name: b, type: stdout}, {name: a, type: feed, linger_ms: 5}] | 3:67: CDC-006 sink \"a\": linger_ms is not for a feed, whose clients fetch the changes; remove it",
                "dir: q, retain_bytes: 1 | sinks: [{name: b, type: stdout}, {name: a, type: feed, formt: x}] | 3:56: CDC-001 unknown key \"formt\" under sink \"a\"; known names are exclude_columns, exclude_tables, mask, mask_salt, origins, publications, tables",
                "dir: q, retain_bytes: 1 | sinks: [{name: a, type: stdout}, {name: a, type: feed}] | 3:41: CDC-006 sink name \"a\" is used twice; choose another",
                "dir: q | sinks: [{name: a, type: feeed}] | 3:25: CDC-501 sinks[0].type is \"feeed\", an unknown type; did you mean \"feed\"? Known names are feed, stdout, web; plugins are searched in the folder in the variable CDC_PLUGINS",
                "dir: q | sinks: [{name: a, type: stdout}, {name: a, type: stdout}] | 3:41: CDC-006 sink name \"a\" is used twice; choose another",
                "dir: q | sinks: {name: a, type: stdout} | 3:8: CDC-002 sinks is a mapping; write a list: - {name: out, type: stdout}",
                "dir: q | sinks: [stdout] | 3:9: CDC-002 a sink is a value; write - {name: out, type: stdout}",
                "dir: q | sinks: [] | 1:1: CDC-003 sinks is missing; write sinks: with at least one, or give --sink",
                "dir: q | sink: [{name: a, type: stdout}] | 3:1: CDC-001 unknown key \"sink\"; did you mean \"sinks\"?",
            })
    void wrongQueueOrSinkIsNamedByItsPlace(String queue, String sinks, String problem) {
        String yaml = "source: {url: 'postgresql://u@h/d', slot: s, publications: [p]}\nqueue:  {" + queue + "}\n"
                + sinks + "\n";
        List<String> problems = fixture.problems(yaml);
        assertTrue(problems.contains("cdc.yaml:" + problem), problems.toString());
        assertEquals(sinks.startsWith("sink:") ? 2 : 1, problems.size(), problems.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nowhere | 1:7: CDC-002 http.listen is \"nowhere\"; write HOST:PORT, such as `127.0.0.1:9187`",
                "'localhost:65536' | 1:7: CDC-002 http.listen has a port above 65535; write one from 0 to 65535",
                "{token: x} | 1:8: CDC-001 unknown key \"token\" under http; known names are hosts, listen, origins, rows, token_file",
            })
    void wrongHttpIsNamedByItsPlace(String http, String problem) {
        List<String> problems = fixture.problems("http: " + http + "\nsource: {url: 'postgresql://u@h/d', slot: s,"
                + " publications: [p]}\nqueue: {dir: q}\nsinks: [{name: a, type: stdout}]\n");
        assertEquals(List.of("cdc.yaml:" + problem), problems);
    }

    @Test
    void allProblemsAreReportedAtOnceInTheOrderOfTheFile() {
        assertEquals(
                List.of(
                        "environment: CDC-008 PGPORT is \"x\"; write 1 to 65535",
                        "cdc.yaml:1:1: CDC-003 source.slot is missing; write it under source:, or give --slot",
                        "cdc.yaml:1:1: CDC-003 source.publications is missing; write it under source:, or give --publication",
                        "cdc.yaml:2:3: CDC-001 unknown key \"Slot\" under source; did you mean \"slot\"?",
                        "cdc.yaml:4:1: CDC-003 queue.dir is missing; write it under queue:, or give --queue-dir",
                        "cdc.yaml:5:22: CDC-002 queue.flush_interval_ms is 0; write 1 to 60000",
                        "cdc.yaml:7:12: CDC-501 sinks[0].type is \"x\", an unknown type; known names are feed, stdout, web; plugins are searched in the folder in the variable CDC_PLUGINS",
                        "cdc.yaml:8:5: CDC-003 the sink's name is missing; write it",
                        "cdc.yaml:9:1: CDC-001 unknown key \"streams\"; known names are http, max_row_bytes, name, pipelines, queue, sinks, snapshot, source"),
                problemsWithPort("""
                        source:
                          Slot: s
                          url: postgresql://
                        queue:
                          flush_interval_ms: 0
                        sinks:
                          - {type: x, name: a}
                          - {type: stdout}
                        streams: []
                        """));
    }

    private List<String> problemsWithPort(String yaml) {
        fixture.variables.put("PGPORT", "x");
        return fixture.problems(yaml);
    }

    private static final String QUOTE = "; correct it there, or write the text in quotes if it is one";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: b: c                 | 1:5: CDC-005 not valid YAML: mapping values are not allowed here",
                "a: [1                   | 2:1: CDC-005 not valid YAML: while parsing a flow sequence: expected ',' or ']', but got <stream end>",
                "a: \"hunter2\\q\"        | 1:13: CDC-005 not valid YAML: while scanning a double-quoted scalar: found unknown escape character q(113)",
                "[a, b]                  | 1:1: CDC-005 the file is a list; write source:, queue: and sinks:",
                "hunter2                 | 1:1: CDC-005 the file is a value; write source:, queue: and sinks:",
                "# nothing               | CDC-004 the file is empty; write source:, queue: and sinks:",
            })
    void whatIsNotYamlIsNamedByPlaceWithoutItsText(String yaml, String problem) {
        String colon = Character.isDigit(problem.charAt(0)) ? ":" : ": ";
        String advice = problem.contains("not valid YAML") ? QUOTE : "";
        assertEquals(List.of("cdc.yaml" + colon + problem + advice), fixture.problems(yaml + "\n"));
    }

    @Test
    void aCharacterThatYamlDoesNotHaveIsNamedByPlace() {
        assertEquals(
                List.of("cdc.yaml:2:11: CDC-005 not valid YAML: special characters are not allowed" + QUOTE),
                fixture.problems("a: b # \ud83d\ude00\nc: \ud83d\ude00 word\u0001s\n"));
    }

    @Test
    void aProblemIsOneLineWhateverTheFileHas() {
        assertEquals(
                List.of(
                        "cdc.yaml:1:5: CDC-005 not valid YAML: while scanning an anchor: unexpected character found ?(10)"
                                + QUOTE),
                fixture.problems("a: &\nb: c\n"));
        List<String> problems = fixture.problems("source: {\"a\\nb" + "c".repeat(900) + "\": }\n");
        String named =
                "cdc.yaml:1:10: CDC-003 source.a?b" + "c".repeat(37) + "… has no value; write one, or remove the key";
        assertTrue(problems.contains(named), problems.toString());
    }

    @Test
    void aSecondDocumentIsRefused() {
        assertEquals(
                List.of("cdc.yaml:6:1: CDC-005 a second document begins here; keep one, without ---"),
                fixture.problems(ConfigFixture.EXAMPLE + "---\na: b\n"));
    }

    /** Who can write it can have any command run, by password_command. */
    @Test
    void aFileThatAllCanWriteIsRefused() throws IOException {
        Path file = directory.resolve("open.yaml");
        Files.writeString(file, ConfigFixture.EXAMPLE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertEquals(
                List.of(
                        "open.yaml: CDC-004 every user of this machine can change the file, which may hold passwords and commands;"
                                + " chmod o-w it"),
                problemsOf("open.yaml"));
    }

    @Test
    void aFileThatCannotBeReadIsOneProblem() throws IOException {
        assertEquals(
                List.of("nope.yaml: CDC-004 the file does not exist; give its path with -c"), problemsOf("nope.yaml"));
        assertEquals(List.of(".: CDC-004 not a file; give the path of a YAML file with -c"), problemsOf("."));
        assertEquals(
                List.of("empty.yaml: CDC-004 the file is empty; write source:, queue: and sinks:"),
                problemsOf(fixture.write("empty.yaml", "").getFileName().toString()));
        Files.write(directory.resolve("latin.yaml"), "source: ü".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(List.of("latin.yaml: CDC-004 not UTF-8; save the file as UTF-8"), problemsOf("latin.yaml"));
    }

    private List<String> problemsOf(String file) {
        ConfigException e = assertThrows(
                ConfigException.class,
                () -> ConfigLoader.load(Path.of(file), Flags.NONE, fixture.environment(), TestSinks.ALL));
        assertEquals(ErrorCode.CONFIG_FILE_UNREADABLE, e.code());
        return ConfigFixture.problems(e);
    }

    @Test
    void referencesBringInVariablesAndFiles() {
        fixture.variables.put("PW", "hunter2");
        fixture.write("secret", "line1\nline2\n");
        String yaml = ConfigFixture.EXAMPLE.replace("cdc@", "cdc:${env:PW}@")
                + "  - {name: w, type: web, target: '$${x}${file:secret}|$${', token: 'a${env:PW}b${env:PW}'}\n";
        PipelineConfig config = fixture.load(yaml).pipeline();
        assertEquals("hunter2", config.source().address().currentPassword());
        assertEquals("${x}line1\nline2|${", config.sinks().get(1).settings().get(TestSinks.TARGET));
        assertEquals("ahunter2bhunter2", config.sinks().get(1).settings().find(TestSinks.TOKEN));
    }

    @Test
    void whatCameFromAReferenceIsNeverShown() {
        fixture.variables.put("X", "hunter2 ä");
        String yaml = """
                source: {url: "postgresql://${env:X}:${env:X}/${env:X}", slot: "${env:X}", publications: [p]}
                queue: {dir: q, segment_bytes: "${env:X}"}
                sinks: [{name: "${env:X}", type: "${env:X}"}]
                """;
        List<String> problems = fixture.problems(yaml);
        assertEquals(6, problems.size(), problems.toString());
        assertFalse(problems.toString().contains("hunter2"), problems.toString());
    }

    @Test
    void aSecretSettingIsNeverShown() {
        String yaml = ConfigFixture.EXAMPLE + "  - {name: w, type: web, target: t, token: [hunter2, b]}\n"
                + "  - {name: v, type: web, target: t, token: ''}\n";
        assertEquals(
                List.of(
                        "cdc.yaml:5:44: CDC-002 sinks[1].token is a list; write one text",
                        "cdc.yaml:6:44: CDC-002 sinks[2].token does not fit; write a text that is not empty"),
                fixture.problems(yaml));
    }

    @Test
    void theConnectTimeoutOfTheFileBeatsTheEnvironmentButNotTheUrl() {
        fixture.variables.put("PGCONNECT_TIMEOUT", "5");
        assertEquals(
                5_000, fixture.load(ConfigFixture.EXAMPLE).pipeline().source().connectTimeoutMs());
        String yaml = ConfigFixture.EXAMPLE.replace("slot: shop_cdc", "slot: shop_cdc, connect_timeout_ms: 7000");
        assertEquals(7_000, fixture.load(yaml).pipeline().source().connectTimeoutMs());
        String both = yaml.replace("5432/shop", "5432/shop?connect_timeout=9");
        assertEquals(1, fixture.problems(both).size());
    }
}
