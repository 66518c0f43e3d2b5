package io.pgcdc.cli.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Valid inputs: those of the documentation, and some that use what it does not show. */
public final class Examples {

    private static final Path ROOT = Path.of(System.getProperty("pgcdc.root", ".."));

    private static final Pattern YAML = Pattern.compile("(?m)^( *)```yaml\\n(.*?)^ *```", Pattern.DOTALL);

    private static final String HEAD = """
            source: {url: "postgresql://cdc@localhost:5432/shop", slot: shop_cdc, publications: [users_pub]}
            queue: {dir: ./queue, confirm: sinks, retain_bytes: 1000000000}
            """;

    private Examples() {}

    /** Returns the files of the documentation. Completes those that are parts of a file. */
    public static List<String> files() throws IOException {
        List<String> files = new ArrayList<>(
                List.of(HEAD + "snapshot: initial\nhttp: 127.0.0.1:9187\nsinks:\n- {name: out, type: stdout}\n", """
                pipelines:
                - source: {url: "host=a dbname=b", slot: one, publications: p}
                  queue: {dir: one}
                  sinks: [{name: out, type: stdout, format: json}]
                - name: second
                  source: {url: "jdbc:postgresql://a/b?user=c", slot: two, publications: [p, q]}
                  queue: {dir: two}
                  snapshot: {mode: initial, readers: 2}
                  sinks: [{name: bus, type: kafka, topic: "${prefix}.${schema}.${table}", properties: {bootstrap.servers: "a:1"}}]
                http: {listen: "127.0.0.1:0"}
                """));
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(path -> path.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        for (Path page : pages) {
            YAML.matcher(Files.readString(page))
                    .results()
                    .forEach(part -> files.add(whole(part.group(2).replaceAll("(?m)^" + part.group(1), ""))));
        }
        files.add(Files.readString(ROOT.resolve("docker/cdc.yaml")));
        return files;
    }

    private static String whole(String part) {
        if (part.contains("source:")) {
            return part;
        }
        if (part.contains("sinks:")) {
            return HEAD + part;
        }
        return HEAD + "sinks:\n"
                + (part.contains("- ")
                        ? part
                        : "- name: bus\n  type: kafka\n  properties: {bootstrap.servers: \"a:1\"}\n"
                                + part.stripIndent().indent(2));
    }

    public static List<String> connectionStrings() {
        return List.of(
                "postgresql://cdc@localhost:5432/shop",
                "postgresql://cdc:secret@h1:5432,h2:5433/shop?sslmode=verify-full&sslrootcert=/etc/ca.pem&target_session_attrs=primary",
                "postgres://%2Ftmp/shop?connect_timeout=5&application_name=a%20b",
                "postgresql://[::1]:5432,[fe80::1%25eth0]/shop",
                "host=localhost port=5432 dbname=shop user='some one' password='a \\'b\\\\' keepalives=1",
                "host=/tmp dbname=shop options='-c geqo=off'",
                "host=h1,h2 port=5432,5433 load_balance_hosts=random",
                "jdbc:postgresql://localhost:5432/shop?user=cdc&password=a+b&sslmode=require",
                "jdbc:postgresql:shop",
                "jdbc:postgresql://h1,h2:5433/shop?targetServerType=primary&tcpKeepAlive=true&sslkey=/k.pk8");
    }

    public static List<String> topics() {
        return List.of(
                "${prefix}.${schema}.${table}",
                "${prefix}.${table}",
                "shop.changes",
                "public.users=shop.users",
                "public.*=shop.${table}",
                "\"odd schema\".\"a.b\"=${prefix}.odd",
                "*.*=${prefix}.${schema}");
    }

    public static List<String> offsets() {
        return List.of(
                "{\"lsn_proc\":24022912,\"messageType\":\"INSERT\",\"lsn_commit\":24022800,\"lsn\":24022912,\"txId\":771}",
                "{\"transaction_id\":null,\"lsn_proc\":24022912,\"messageType\":\"COMMIT\",\"lsn\":24022912,\"ts_usec\":1700000000000000}",
                "{\"lsn\":5,\"snapshot\":\"INITIAL\",\"last_snapshot_record\":true}",
                "{\"lsn\":5,\"incremental_snapshot_collections\":\"[]\"}",
                "{\"lsn\":255,\"lsn_proc\":255,\"txId\":250}");
    }
}
