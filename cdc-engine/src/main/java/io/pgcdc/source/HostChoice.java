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
 * Tries the hosts of the URL in order, until one passes all checks. A host that is a primary is not enough: after a failover the
 * former primary may run again, with a history that the queue has left. Capture thread; {@link #current} any thread.
 */
public final class HostChoice {

    private static final Logger LOG = LoggerFactory.getLogger(HostChoice.class);

    /** Only a host that shares the history of all received WAL reports these. No other host can then be the right one. */
    private static final Set<ErrorCode> OF_THE_SUCCESSOR = Set.of(ErrorCode.SLOT_GONE, ErrorCode.POSITION_GAP);

    private final ServerAddress address;
    private final Lifecycle lifecycle;
    private final Set<ErrorCode> passing;
    private final List<Refusal> refusals = new ArrayList<>();
    private volatile ServerAddress current;

    /** Runs all checks of one host. */
    public interface Visit<T> {
        /** @throws CdcException if pgcdc cannot continue with the host */
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
     * Starts without a chosen host.
     *
     * @param passing errors that may pass even though their directive is NEVER
     */
    public HostChoice(ServerAddress address, Lifecycle lifecycle, Set<ErrorCode> passing) {
        this.address = address;
        this.current = address;
        this.lifecycle = lifecycle;
        this.passing = Set.copyOf(passing);
    }

    /** Returns the last host that passed; all hosts before that. */
    public ServerAddress current() {
        return current;
    }

    /**
     * Returns the result of the first host that passes.
     *
     * @param again true if a connection existed before. Then a permanent refusal of one host does not end the run while another
     *     host may pass, unless the refusing host shares the history of all received WAL
     * @throws CdcException with the most telling error, plus those of the other hosts
     */
    public <T> T first(Visit<T> visit, boolean again) {
        refusals.clear();
        for (ServerAddress host : address.each()) {
            try {
                T found = visit.at(host);
                refusals.forEach(r -> LOG.warn("skipped host {}", r.describe()));
                current = host;
                lifecycle.sourceWorks();
                return found;
            } catch (CdcException e) {
                if (lifecycle.stopping() || !isOfTheHost(e)) {
                    throw e;
                }
                refusals.add(new Refusal(host, e));
                lifecycle.sourceFails(e);
            }
        }
        throw combined(telling(again), "");
    }

    /**
     * Visits the one host at which a person may accept a gap. It must be the only host that refused because of a gap, and all
     * others must have answered as standbys. Otherwise another host may be the right one.
     *
     * @param gaps errors that may be accepted
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
                        " --accept-gap was refused: another host of the URL did not answer as a standby, and may be the right one."
                                + " To continue with " + telling.host.hosts().get(0)
                                + " anyway, write only that host in the URL.");
            }
        }
        T found = visit.at(telling.host);
        current = telling.host;
        return found;
    }

    /** Returns whether another server may pass. With a damaged queue, or a sink whose login is refused, none does. */
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
