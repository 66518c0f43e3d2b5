package io.pgcdc.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may know whom among the engine's packages. ARCHITECTURE.md prints the same table. */
class ArchitectureTest {

    /** What a third party compiles against. */
    private static final List<String> API = List.of("error", "model", "setting", "sink");

    /** From the ground up. */
    private static final Map<String, List<String>> MAY_KNOW = Map.ofEntries(
            room("error"),
            room("model"),
            room("setting", "error"),
            room("sink", "error", "model", "setting"),
            room("life", "error"),
            room("session", "error"),
            room("address", "error", "setting"),
            room("decode", "error", "model"),
            room("json.bytes", "error"),
            room("json.value", "error", "model", "json.bytes"),
            room("json.record", "error", "model", "json.bytes", "json.value"),
            room("wire", "error", "model", "session"),
            room("catalog", "error", "model", "session", "address"),
            room("source", "error", "model", "setting", "life", "address", "decode", "wire", "catalog"),
            room("queue", "error", "model", "setting"),
            room("queue.disk", "error", "model", "queue"),
            room("queue.memory", "error", "model", "queue"),
            room("progress", "error", "model", "sink", "life", "queue"),
            room("capture", "error", "model", "life", "session", "decode", "wire", "source", "queue", "progress"),
            room(
                    "snapshot",
                    "error",
                    "model",
                    "setting",
                    "life",
                    "session",
                    "address",
                    "decode",
                    "wire",
                    "catalog",
                    "source",
                    "queue",
                    "capture"),
            room("guard", "error", "model", "life", "address", "catalog", "queue", "progress"),
            room("view", "error", "model", "setting", "queue"),
            room(
                    "delivery",
                    "error",
                    "model",
                    "setting",
                    "sink",
                    "life",
                    "decode",
                    "json.bytes",
                    "json.record",
                    "queue",
                    "progress",
                    "view"),
            room("feed", "error", "model", "queue", "progress", "view", "delivery"),
            room(
                    "pipeline",
                    "error",
                    "model",
                    "setting",
                    "sink",
                    "life",
                    "session",
                    "address",
                    "decode",
                    "wire",
                    "catalog",
                    "source",
                    "queue",
                    "queue.disk",
                    "progress",
                    "capture",
                    "snapshot",
                    "guard",
                    "view",
                    "delivery",
                    "feed"));

    private static Map.Entry<String, List<String>> room(String name, String... mayKnow) {
        return Map.entry(name, List.of(mayKnow));
    }

    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // what the tests run against
            .withImportOption(location -> !location.contains("/io/pgcdc/servers/"))
            .importPackages("io.pgcdc");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.pgcdc.(**)").should().beFreeOfCycles().check(ENGINE);
    }

    @Test
    void packagesKnowOnlyWhomTheyMay() {
        LayeredArchitecture rule = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String name : MAY_KNOW.keySet()) {
            rule = rule.layer(name).definedBy("io.pgcdc." + name);
        }
        for (Map.Entry<String, List<String>> entry : MAY_KNOW.entrySet()) {
            rule = entry.getValue().isEmpty()
                    ? rule.whereLayer(entry.getKey()).mayNotAccessAnyLayer()
                    : rule.whereLayer(entry.getKey())
                            .mayOnlyAccessLayers(entry.getValue().toArray(String[]::new));
        }
        rule.check(ENGINE);
    }

    @Test
    void everyPackageOfTheEngineHasItsRule() {
        Set<String> found = ENGINE.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring("io.pgcdc.".length()))
                .collect(Collectors.toSet());
        assertEquals(MAY_KNOW.keySet(), found);
    }

    @Test
    void aSinkOfYourOwnNeedsNoLibraryButOurs() {
        String[] own = API.stream().map(name -> "io.pgcdc." + name).toArray(String[]::new);
        String[] known = Stream.concat(
                        API.stream().map(name -> "io.pgcdc." + name), Stream.of("java..", "org.jspecify.."))
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAnyPackage(own)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(known)
                .check(ENGINE);
    }

    @Test
    void nobodyPrintsOrExits() {
        noClasses()
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(ENGINE);
    }

    /** So no session has other settings than those that are pinned. */
    @Test
    void oneClassOpensSessions() {
        noClasses()
                .that()
                .doNotHaveSimpleName("TimedLogin")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(DriverManager.class)
                .check(ENGINE);
    }

    @ParameterizedTest
    @CsvSource({
        "ARCHITECTURE.md, 60, 15",
        "CONTRIBUTING.md, 20, 0",
        "docs/explanation/reliability.md, 15, 0",
        "docs/explanation/museum.md, 30, 25"
    })
    void everyTypeAndMethodThatAPageNamesExists(String page, int leastTypes, int leastMethods) throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
                sources.merge(
                        file.getFileName().toString().replace(".java", ""), Files.readString(file), String::concat);
            }
        }
        Set<String> missing = new TreeSet<>();
        int types = 0;
        int methods = 0;
        Matcher named = Pattern.compile("`([A-Z][A-Za-z]+)(?:\\.([a-z]\\w+))?(?:\\([^`]*\\))?`")
                .matcher(Files.readString(root.resolve(page)));
        while (named.find()) {
            types++;
            String source = sources.get(named.group(1));
            String method = named.group(2);
            if (source == null) {
                missing.add(named.group(1));
            } else if (method != null) {
                methods++;
                if (!Pattern.compile("\\b" + method + "\\(").matcher(source).find()) {
                    missing.add(named.group(1) + "." + method);
                }
            }
        }
        assertTrue(types > leastTypes, page + " names " + types + " types");
        assertTrue(methods >= leastMethods, page + " names " + methods + " methods");
        assertEquals(Set.of(), missing);
    }
}
