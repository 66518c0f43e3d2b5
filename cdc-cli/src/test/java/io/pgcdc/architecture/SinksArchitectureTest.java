package io.pgcdc.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What sinks may see of the engine, and of each other. */
class SinksArchitectureTest {

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.pgcdc");

    @Test
    void sinksSeeNothingOfCaptureQueueAndPipeline() {
        noClasses()
                .that()
                .resideInAPackage("io.pgcdc.sinks..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.pgcdc.wire..",
                        "io.pgcdc.catalog..",
                        "io.pgcdc.decode..",
                        "io.pgcdc.source..",
                        "io.pgcdc.queue..",
                        "io.pgcdc.progress..",
                        "io.pgcdc.capture..",
                        "io.pgcdc.view..",
                        "io.pgcdc.delivery..",
                        "io.pgcdc.pipeline..")
                .check(ALL);
    }

    @Test
    void debeziumsFormatKnowsNothingOfWhereItGoes() {
        classes()
                .that()
                .resideInAPackage("io.pgcdc.sinks.debezium")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "io.pgcdc.sinks.debezium..",
                        "io.pgcdc.sinks.object..",
                        "io.pgcdc.sinks.text..",
                        "io.pgcdc.sink..",
                        "io.pgcdc.model..",
                        "io.pgcdc.setting..",
                        "io.pgcdc.error..",
                        "io.pgcdc.json..")
                .check(ALL);
    }

    @Test
    void debeziumsOptionsKnowOnlyOurNames() {
        classes()
                .that()
                .resideInAPackage("io.pgcdc.sinks.debezium.option..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "io.pgcdc.sinks.debezium.option..",
                        "io.pgcdc.address..",
                        "io.pgcdc.setting..",
                        "io.pgcdc.error..")
                .check(ALL);
    }

    @Test
    void avrosFormatKnowsNothingOfWhereItGoes() {
        classes()
                .that()
                .resideInAPackage("io.pgcdc.sinks.avro..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "org.apache.avro..",
                        "io.pgcdc.sinks.avro..",
                        "io.pgcdc.sinks.object..",
                        "io.pgcdc.sinks.text..",
                        "io.pgcdc.model..",
                        "io.pgcdc.setting..",
                        "io.pgcdc.error..",
                        "io.pgcdc.json..")
                .check(ALL);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.pgcdc.sinks.(**)").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void nobodyButStdoutPrints() {
        noClasses()
                .that()
                .resideInAPackage("io.pgcdc.sinks..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(ALL);
    }
}
