package io.pgcdc.connect.distributed;

import io.pgcdc.servers.testing.Soak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Workers in processes of their own, for all tests: they cost more than what is tested. A build has one, a soak two. */
class DistributedIT {

    private static ConnectGroup group;

    @BeforeAll
    static void startWorkers() {
        group = ConnectGroup.start(Soak.count(1, 2));
    }

    @AfterAll
    static void closeWorkers() {
        group.keepLogs("distributed");
        group.close();
    }

    @Nested
    class Offsets extends OffsetsApiContract {
        @Override
        ConnectGroup group() {
            return group;
        }
    }

    @Nested
    class ExactlyOnce extends ExactlyOnceContract {
        @Override
        ConnectGroup group() {
            return group;
        }
    }

    @Nested
    class Kill extends KillContract {
        @Override
        ConnectGroup group() {
            return group;
        }
    }
}
