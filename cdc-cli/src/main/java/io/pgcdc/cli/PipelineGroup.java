package io.pgcdc.cli;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the pipelines of a process, each on a thread of its own. One that fails ends alone. */
public final class PipelineGroup {

    private static final Logger LOG = LoggerFactory.getLogger("cdc");

    private final List<Member> members;
    private final boolean served;
    private int exitCode;

    /** @param served whether this process has the configured port, so that another needs one of its own */
    public PipelineGroup(List<Member> members, boolean served) {
        this.members = members;
        this.served = served;
    }

    /** Runs until all have ended. Returns the exit code: that of the first failure, or 0. */
    public int run() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Member member : members) {
            Thread thread = new Thread(() -> run(member), "cdc/" + member.name() + "/pipeline");
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        synchronized (this) {
            return exitCode;
        }
    }

    private void run(Member member) {
        try {
            member.run(false);
            LOG.info("stopped");
        } catch (Throwable e) { // an error of one must not be silent, nor end the others
            int code = ErrorReport.exitCode(e);
            if (code != ErrorReport.STOPPED) {
                LOG.error(
                        "{} This pipeline has ended; the others are not affected. To run it again beside them: cdc run -c FILE --pipeline {}{}",
                        ErrorReport.describe(e),
                        member.name(),
                        served ? " --http 127.0.0.1:0" : "");
                LOG.debug("the error's trace", e);
                failed(code);
            }
        }
    }

    private synchronized void failed(int code) {
        if (exitCode == 0) {
            exitCode = code;
        }
    }
}
