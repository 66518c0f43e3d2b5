package io.pgcdc.connect.distributed;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.servers.connect.ConnectRest;
import io.pgcdc.servers.connect.ConnectRestException;
import io.pgcdc.servers.connect.ConnectWorker;
import io.pgcdc.servers.testing.Await;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Strikes a group of workers again and again, and does what an operator's watch does: it starts workers again that were killed, and tasks
 * that Kafka's failures have ended. For one thread.
 */
final class Chaos {

    /** A worker is killed in each round. */
    private static final Duration ROUND = Duration.ofSeconds(20);

    /** A killed worker is missed for longer than its session lasts. */
    private static final Duration KILLED = Duration.ofSeconds(8);

    private static final Duration FROZEN = Duration.ofSeconds(7);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int FREEZE_EACH = 3;
    private static final int RESTART_BROKER_EACH = 4;
    private static final int CONFIGURE_EACH = 5;

    private static final String KILL = "worker killed";
    private static final String FREEZE = "worker frozen";
    private static final String RESTART_BROKER = "broker killed";
    private static final String CONFIGURE = "connector configured";

    private final ConnectGroup group;
    private final Map<String, Map<String, String>> connectors;
    private final Random random;
    private final Map<String, Integer> strikes = new TreeMap<>();
    private final List<String> traces = new ArrayList<>();
    private @Nullable ConnectWorker frozen;
    private long mostResidentBytes;
    private int rounds;

    /** @param connectors configuration of each connector, by name */
    Chaos(ConnectGroup group, Map<String, Map<String, String>> connectors, long seed) {
        this.group = group;
        this.connectors = connectors;
        this.random = new Random(seed);
    }

    /** Returns the REST interface of a worker that runs. */
    ConnectRest rest() {
        return running().get(0).rest();
    }

    private List<ConnectWorker> running() {
        return group.workers().stream()
                .filter(worker -> worker.isAlive() && worker != frozen)
                .toList();
    }

    /** Strikes for one round. All workers run afterwards, or start. */
    void round() {
        rounds++;
        long begin = System.nanoTime();
        if (rounds % CONFIGURE_EACH == 0) {
            configure();
        }
        ConnectWorker killed = any();
        killed.kill();
        strike(KILL);
        if (rounds % FREEZE_EACH == 0) {
            freeze();
        }
        await(begin, KILLED);
        killed.restart();
        if (rounds % RESTART_BROKER_EACH == 0) {
            restartBroker();
        }
        await(begin, ROUND);
    }

    private ConnectWorker any() {
        List<ConnectWorker> running = running();
        return running.get(random.nextInt(running.size()));
    }

    private void freeze() {
        ConnectWorker worker = any();
        worker.freeze();
        frozen = worker;
        strike(FREEZE);
        await(System.nanoTime(), FROZEN);
        worker.thaw();
        frozen = null;
    }

    /**
     * Kills the broker and starts it again. It is not stopped in order: a broker that is alone (Kafka 4.3) may then complete a commit without
     * writing its markers, and readers with {@code read_committed} wait for that transaction without end.
     */
    private void restartBroker() {
        group.broker().kill();
        strike(RESTART_BROKER);
        group.broker().restart();
    }

    private void configure() {
        connectors.forEach((name, config) -> {
            config.put("heartbeat_record_interval_ms", Integer.toString(500 + rounds));
            boolean done = tolerant(() -> rest().put(name, config));
            strike(done ? CONFIGURE : "configuration refused");
        });
    }

    private void await(long begin, Duration duration) {
        long[] looked = {0};
        Await.until("the next strike", ROUND.multipliedBy(2), () -> {
            long now = System.nanoTime();
            if (now - looked[0] > BETWEEN_LOOKS.toNanos()) {
                looked[0] = now;
                look();
            }
            return now - begin > duration.toNanos();
        });
    }

    /** Measures the workers, and starts tasks again that have failed. */
    void look() {
        for (ConnectWorker worker : running()) {
            mostResidentBytes = Math.max(mostResidentBytes, worker.residentBytes());
        }
        if (frozen != null) {
            return; // requests may be forwarded to it
        }
        for (String connector : connectors.keySet()) {
            tolerant(() -> restartFailed(connector));
        }
    }

    private void restartFailed(String connector) {
        for (JsonNode task : rest().status(connector).path("tasks")) {
            if (task.path("state").asText().equals("FAILED")) {
                traces.add(task.path("trace").asText());
                strike("failed task restarted");
                rest().restartTask(connector, task.path("id").asInt());
            }
        }
    }

    /** Returns false if the worker could not answer: the group rebalances, or the worker or the broker has just been killed. */
    static boolean tolerant(Runnable request) {
        try {
            request.run();
            return true;
        } catch (ConnectRestException | UncheckedIOException e) {
            return false;
        }
    }

    private void strike(String what) {
        strikes.merge(what, 1, Integer::sum);
        System.out.println("ChaosIT: round " + rounds + ": " + what);
    }

    /** Returns true if each kind of strike was done. */
    boolean wasThorough() {
        return strikes.keySet().containsAll(List.of(KILL, FREEZE, RESTART_BROKER, CONFIGURE));
    }

    /** Returns how often each strike was done. */
    Map<String, Integer> strikes() {
        return strikes;
    }

    /** Returns why tasks failed. */
    List<String> traces() {
        return traces;
    }

    /** Returns the largest resident memory that a worker had. */
    long mostResidentBytes() {
        return mostResidentBytes;
    }
}
