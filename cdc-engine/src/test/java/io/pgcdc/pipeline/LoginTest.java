package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The server alone decides who may use replication. It answers on the replication connection. */
class LoginTest {

    @TempDir
    Path directory;

    private static String url(TestSource source, String role) {
        return source.server()
                .url(source.database())
                .replace("//" + PgServer.SUPERUSER, "//" + role + ":" + PgServer.password());
    }

    /** The session's role lacks the REPLICATION attribute, but the login has it. */
    @EachPostgres
    void aLoginWithAnotherSessionRoleCreatesTheSlotAndStreams(int version) throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(version), directory)) {
            String login = source.database() + "_login";
            String role = source.database() + "_role";
            source.sql(
                    "CREATE ROLE " + role,
                    "CREATE ROLE " + login + " LOGIN REPLICATION PASSWORD '" + PgServer.password() + "'",
                    "GRANT " + role + " TO " + login,
                    "ALTER ROLE " + login + " SET role = '" + role + "'",
                    "CREATE PUBLICATION everything FOR ALL TABLES");
            try {
                source.url(url(source, login));
                CollectingSink sink = new CollectingSink();
                try (RunningPipeline run = new RunningPipeline(source, sink)) {
                    source.sql("INSERT INTO t VALUES (1)");
                    run.finish();
                }
                assertEquals(List.of("1"), sink.column("id"));

                // like an administrator who looks at a slot before using it
                source.sql("INSERT INTO t VALUES (2)");
                CollectingSink seen = new CollectingSink();
                Pipeline scan = new Pipeline(source.config(), Map.of("out", seen));
                scan.leaveSlot();
                scan.control().stopWhenCaughtUp();
                scan.run();
                assertEquals(List.of("2"), seen.column("id"));
            } finally {
                source.sql("DROP ROLE " + login, "DROP ROLE " + role);
            }
        }
    }

    @EachPostgres
    void aRefusedLoginIsNamedWithItsRemedy(int version) throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(version), directory)) {
            String login = source.database() + "_login";
            source.sql(
                    "CREATE ROLE " + login + " LOGIN PASSWORD '" + PgServer.password() + "'",
                    "CREATE PUBLICATION everything FOR ALL TABLES");
            try {
                source.url(url(source, login));
                assertTrue(refusal(source).endsWith("As a superuser: ALTER ROLE \"" + login + "\" REPLICATION;"));
                source.sql("CREATE ROLE rds_replication");
                assertTrue(refusal(source).endsWith("GRANT rds_replication TO \"" + login + "\";"));
            } finally {
                source.sql("DROP ROLE " + login, "DROP ROLE IF EXISTS rds_replication");
            }
        }
    }

    private static String refusal(TestSource source) {
        Pipeline pipeline = new Pipeline(source.config(), Map.of("out", new CollectingSink()));
        SourceException e = assertThrows(SourceException.class, pipeline::run);
        assertEquals(ErrorCode.REPLICATION_PRIVILEGE_MISSING, e.code());
        return String.valueOf(e.getMessage());
    }
}
