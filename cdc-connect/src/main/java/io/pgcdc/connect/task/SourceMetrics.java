package io.pgcdc.connect.task;

import io.pgcdc.connect.config.Wording;
import io.pgcdc.error.CdcException;
import io.pgcdc.model.Lsn;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineStatus;
import io.pgcdc.pipeline.SlotStatus;
import io.pgcdc.snapshot.SnapshotStatus;
import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the metrics of a source from memory, when somebody asks. Any thread. */
final class SourceMetrics implements SourceMetricsMXBean, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SourceMetrics.class);

    private final TaskRun run;
    private final HandOver handOver;
    private @Nullable ObjectName name;

    private SourceMetrics(TaskRun run, HandOver handOver) {
        this.run = run;
        this.handOver = handOver;
    }

    /** Shows the metrics in JMX. A task that had the name before has ended. */
    static SourceMetrics show(String connector, String source, TaskRun run, HandOver handOver) {
        SourceMetrics metrics = new SourceMetrics(run, handOver);
        try {
            ObjectName name = new ObjectName("io.pgcdc.connect:type=source,connector=" + ObjectName.quote(connector)
                    + ",source=" + ObjectName.quote(source));
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            if (server.isRegistered(name)) {
                server.unregisterMBean(name);
            }
            server.registerMBean(metrics, name);
            metrics.name = name;
        } catch (JMException e) {
            LOG.warn("the metrics of source {} cannot be shown in JMX", source, e);
        }
        return metrics;
    }

    private @Nullable PipelineStatus status() {
        Pipeline pipeline = run.pipeline();
        return pipeline == null ? null : pipeline.status();
    }

    private PipelineStatus.@Nullable Source source() {
        PipelineStatus status = status();
        return status == null ? null : status.source();
    }

    private @Nullable SlotStatus slot() {
        Pipeline pipeline = run.pipeline();
        return pipeline == null ? null : pipeline.slot();
    }

    @Override
    public String getState() {
        PipelineStatus status = status();
        return status == null
                ? PipelineStatus.State.STARTING.name()
                : status.state().name();
    }

    @Override
    public boolean isConnected() {
        PipelineStatus.Source source = source();
        return source != null && source.connected();
    }

    @Override
    public String getTrouble() {
        PipelineStatus status = status();
        Throwable trouble = status == null ? null : status.sourceTrouble();
        if (trouble == null) {
            trouble = run.trouble();
        }
        return trouble == null ? "" : trouble instanceof CdcException e ? Wording.of(e) : trouble.toString();
    }

    @Override
    public long getRestarts() {
        return run.restarts();
    }

    @Override
    public long getChanges() {
        PipelineStatus.Source source = source();
        return source == null ? 0 : source.captured().changes();
    }

    @Override
    public double getChangesPerSecond() {
        PipelineStatus.Source source = source();
        return source == null ? 0 : source.captured().perSecond();
    }

    @Override
    public String getReceivedLsn() {
        PipelineStatus.Source source = source();
        return Lsn.toString(source == null ? Lsn.INVALID : source.receivedLsn());
    }

    @Override
    public String getCommittedLsn() {
        return Lsn.toString(committed());
    }

    private long committed() {
        Opened opened = run.opened();
        return opened == null ? Lsn.INVALID : opened.kept().acknowledged();
    }

    @Override
    public String getAcknowledgedLsn() {
        PipelineStatus.Source source = source();
        return Lsn.toString(source == null ? Lsn.INVALID : Lsn.min(source.flushLsn(), committed()));
    }

    @Override
    public long getLagBytes() {
        PipelineStatus.Source source = source();
        long committed = committed();
        if (source == null || source.walEndLsn() == Lsn.INVALID || committed == Lsn.INVALID) {
            return -1;
        }
        return Math.max(0, source.walEndLsn() - committed);
    }

    @Override
    public long getSlotRetainedBytes() {
        SlotStatus slot = slot();
        return slot == null || slot.readAt() == null ? -1 : slot.retainedBytes();
    }

    @Override
    public String getSlotWalStatus() {
        SlotStatus slot = slot();
        return slot == null ? "" : slot.walStatus();
    }

    @Override
    public long getWaitingBytes() {
        return handOver.bytes();
    }

    @Override
    public String getSnapshots() {
        PipelineStatus status = status();
        return status == null
                ? ""
                : status.snapshots().stream().map(SourceMetrics::line).collect(Collectors.joining("\n"));
    }

    private static String line(SnapshotStatus snapshot) {
        return snapshot.id() + " " + snapshot.state() + " " + snapshot.progress();
    }

    @Override
    public void close() {
        ObjectName shown = name;
        if (shown != null) {
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(shown);
            } catch (JMException e) {
                LOG.debug("the metrics are gone already", e); // a later task has the name
            }
        }
    }
}
