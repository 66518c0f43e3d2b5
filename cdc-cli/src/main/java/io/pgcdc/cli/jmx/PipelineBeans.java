package io.pgcdc.cli.jmx;

import io.pgcdc.pipeline.Pipeline;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the process's pipelines in the JVM's MBean server, until it is closed. */
public final class PipelineBeans implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineBeans.class);

    private final List<ObjectName> registered = new ArrayList<>();
    private boolean closed;

    /** Registers them on a thread of its own: the MBean server takes a tenth of a second to load. If that fails, only the log says so. */
    public void register(List<Pipeline> pipelines) {
        Thread thread = new Thread(() -> pipelines.forEach(this::register), "cdc-jmx");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void register(Pipeline pipeline) {
        if (closed) {
            return;
        }
        String name = pipeline.status().name();
        try {
            ObjectName bean = new ObjectName("io.pgcdc:type=Pipeline,name=" + ObjectName.quote(name));
            server().registerMBean(new PipelineBean(pipeline), bean);
            registered.add(bean);
        } catch (JMException | RuntimeException e) {
            LOG.warn("JMX does not show pipeline {}: {}", name, e.toString());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (ObjectName bean : registered) {
            try {
                server().unregisterMBean(bean);
            } catch (JMException | RuntimeException e) {
                LOG.debug("JMX goes on showing {}", bean, e);
            }
        }
    }

    private static MBeanServer server() {
        return ManagementFactory.getPlatformMBeanServer();
    }
}
