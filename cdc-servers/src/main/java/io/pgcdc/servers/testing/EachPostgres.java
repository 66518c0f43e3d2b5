package io.pgcdc.servers.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * A test that runs once per major version of PostgreSQL; its only parameter is the version. The system property {@value
 * #VERSIONS_PROPERTY} has the versions: the oldest and the newest in an ordinary build, all in a soak.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@ArgumentsSource(EachPostgres.Versions.class)
public @interface EachPostgres {

    /** Comma-separated major versions. */
    String VERSIONS_PROPERTY = "pgcdc.postgres.versions";

    /** Reads the versions from the property. */
    final class Versions implements ArgumentsProvider {

        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            return Arrays.stream(System.getProperty(VERSIONS_PROPERTY, "14,18").split(","))
                    .map(version -> Arguments.of(Integer.parseInt(version.strip())));
        }
    }
}
