package io.pgcdc.queue.disk;

import io.pgcdc.queue.LedgerFile;
import io.pgcdc.queue.LedgerFiles;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.queue.QueueHome;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.queue.QueueStorage;
import org.jspecify.annotations.Nullable;

/** A queue in a directory of a local disk. */
public final class DirectoryHome implements QueueHome {

    private final QueueDirectory directory;

    private DirectoryHome(QueueDirectory directory) {
        this.directory = directory;
    }

    /**
     * Locks the directory. Creates it if it does not exist.
     *
     * @throws io.pgcdc.error.QueueException QUEUE_DIRECTORY_UNUSABLE, QUEUE_LOCKED, QUEUE_FORMAT, QUEUE_DAMAGED
     */
    public static QueueHome open(QueueConfig config) {
        QueueDirectory directory = QueueDirectory.open(config.dir());
        try {
            if (!config.allowNetworkFs()) {
                LocalDisk.require(directory.path());
            }
            return new DirectoryHome(directory);
        } catch (RuntimeException | Error e) {
            directory.close();
            throw e;
        }
    }

    @Override
    public @Nullable QueueIdentity identity() {
        return directory.identity();
    }

    @Override
    public QueueIdentity bind(QueueIdentity source) {
        return directory.bind(source);
    }

    @Override
    public void changeTimeline(int timeline) {
        directory.changeTimeline(timeline);
    }

    @Override
    public LedgerFile ledger() {
        return directory.ledger();
    }

    @Override
    public LedgerFiles orderedSnapshots() {
        return directory.orderedSnapshots();
    }

    @Override
    public QueueStorage storage() {
        return new DirectoryStorage(directory);
    }

    @Override
    public void close() {
        directory.close();
    }
}
