package io.pgcdc.source;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Lifecycle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries the hosts of the URL in turn, until one passes all checks. A host that merely answers as a primary is not enough: after a failover
 * the former primary may run again, with a history that the queue has left. Capture thread; {@link #current} any thread.
 */
public final class HostChoice {

    private static final Logger LOG = LoggerFactory.getLogger(HostChoice.class);

    /** What only a host says that shares the history of all that was received: no other one can be right then. */
    private static final Set<ErrorCode> OF_THE_SUCCESSOR = Set.of(ErrorCode.SLOT_GONE, ErrorCode.POSITION_GAP);

    private final ServerAddress address;
    private final Lifecycle lifecycle;
    private final Set<ErrorCode> passing;
    private final List<Refusal> refusals = new ArrayList<>();
    private volatile ServerAddress current;

    /** All checks of one host. */
    public interface Visit<T> {
        /** @throws CdcException the host cannot be gone on with */
        T at(ServerAddress host);
    }

    private record Refusal(ServerAddress host, CdcException error) {

        String describe() {
            String message = String.valueOf(error.getMessage());
            int end = message.indexOf("; ");
            return host.hosts().get(0) + ": " + error.code() + " " + (end < 0 ? message : message.substring(0, end));
        }
    }

    /**
     * Begins with no host chosen.
     *
     * @param passing errors that pass though trying the same again brings nothing
     */
    public HostChoice(ServerAddress address, Lifecycle lifecycle, Set<ErrorCode> passing) {
        this.address = address;
        this.current = address;
        this.lifecycle = lifecycle;
        this.passing = Set.copyOf(passing);
    }

    /** The host that passed last; before, all of them. */
    public ServerAddress current() {
        return current;
    }

    /**
     * What the first host gave that passed.
     *
     * @param again a connection once stood: while a host may still come, what another refused for good does not end the run, unless
     *     that one shares the history of all that was received
     * @throws CdcException of the host that tells most, with what the others said
     */
    public <T> T first(Visit<T> visit, boolean again) {
        refusals.clear();
        for (ServerAddress host : address.each()) {
            try {
                T found = visit.at(host);
                refusals.forEach(r -> LOG.warn("passed over host {}", r.describe()));
                current = host;
                return found;
            } catch (CdcException e) {
                if (lifecycle.stopping() || !isOfTheHost(e)) {
                    throw e;
                }
                refusals.add(new Refusal(host, e));
            }
        }
        throw combined(telling(again), "");
    }

    /**
     * The same at the one host where a person may accept a gap: the only one that refused for one, while each other host answered as a
     * standby. Otherwise another host may be the right one.
     *
     * @param gaps what may be accepted
     * @throws CdcException if there is no such host
     */
    public <T> T withGap(Visit<T> visit, Set<ErrorCode> gaps) {
        Refusal telling = telling(false);
        if (!gaps.contains(telling.error.code())) {
            throw combined(telling, "");
        }
        for (Refusal other : refusals) {
            if (!other.equals(telling) && other.error.code() != ErrorCode.SOURCE_IN_RECOVERY) {
                throw combined(
                        telling,
                        " --accept-gap was not taken: another host of the URL did not answer as a standby, and may be the one to go on"
                                + " with. To go on at " + telling.host.hosts().get(0)
                                + " all the same, write that host alone in the URL.");
            }
        }
        T found = visit.at(telling.host);
        current = telling.host;
        return found;
    }

    /** Another server may do better; with a damaged queue, or a sink that refuses its login, none does. */
    private static boolean isOfTheHost(CdcException e) {
        return e instanceof SourceException || e.code() == ErrorCode.QUEUE_OTHER_SOURCE;
    }

    private Refusal telling(boolean again) {
        return refusals.stream()
                .filter(r -> again && OF_THE_SUCCESSOR.contains(r.error.code()))
                .findFirst()
                .or(() ->
                        refusals.stream().filter(r -> mayPass(r.error) == again).findFirst())
                .orElse(refusals.get(0));
    }

    private boolean mayPass(CdcException e) {
        return e.retry() != Retry.NEVER || passing.contains(e.code());
    }

    private CdcException combined(Refusal telling, String more) {
        if (refusals.size() == 1) {
            return telling.error;
        }
        String message = telling.error.getMessage()
                + refusals.stream()
                        .filter(r -> !r.equals(telling))
                        .map(Refusal::describe)
                        .collect(Collectors.joining("; ", " The URL's other hosts: ", "."))
                + more;
        @Nullable Throwable cause = telling.error.getCause();
        return telling.error instanceof QueueException
                ? new QueueException(telling.error.code(), message, cause)
                : new SourceException(telling.error.code(), message, cause);
    }
}
