package io.pgcdc.pipeline;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.queue.disk.DirectoryCheck;
import io.pgcdc.sink.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks every precondition of a run, and changes nothing: the source, the queue's directory, the sinks' targets. A run makes the checks that are
 * fatal for it again, because the world may change in between.
 */
public final class PipelineCheck {

    private PipelineCheck() {}

    /**
     * Returns the findings, a cause before its effects. Blocks its caller while a server does not answer.
     *
     * @param sinks by their names; this closes them
     */
    public static List<Finding> inspect(PipelineConfig config, Map<String, Sink> sinks) {
        List<Finding> findings = new ArrayList<>();
        QueueIdentity identity = source(config, findings);
        findings.addAll(DirectoryCheck.inspect(config.queue(), identity));
        sinks.forEach((name, sink) -> inspect(name, sink, findings));
        return findings;
    }

    /** Adds what the first host says that fits, as a run would choose it; if none fits, what all of them say. */
    private static @Nullable QueueIdentity source(PipelineConfig config, List<Finding> findings) {
        List<Finding> all = new ArrayList<>();
        QueueIdentity last = null;
        for (ServerAddress host : config.source().address().each()) {
            SourceInspection.Answer answer = SourceInspection.of(config, host);
            if (answer.fits()) {
                findings.addAll(answer.findings());
                return answer.identity();
            }
            all.addAll(answer.findings());
            last = answer.identity() == null ? last : answer.identity();
        }
        findings.addAll(all);
        return last;
    }

    private static void inspect(String name, Sink sink, List<Finding> findings) {
        try (sink) {
            sink.check();
        } catch (CdcException e) {
            e.findings().forEach(finding -> findings.add(ofSink(name, finding)));
        } catch (RuntimeException e) {
            findings.add(Finding.fatal(
                    ErrorCode.INTERNAL,
                    "sink " + name + " failed while it checked its target: " + e,
                    "sink " + name,
                    "Report this to those who made the sink."));
        }
    }

    private static Finding ofSink(String name, Finding finding) {
        return Finding.fatal(
                finding.code(), "sink " + name + ": " + finding.happened(), finding.place(), finding.remedy());
    }
}
