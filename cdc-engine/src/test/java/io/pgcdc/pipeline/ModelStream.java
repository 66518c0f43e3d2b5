package io.pgcdc.pipeline;

import io.pgcdc.capture.Frames;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.wire.FrameHandler;
import io.pgcdc.wire.ReplicationStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A connection to the model server. Frames, keepalives and statuses are delayed, and the connection may break at any moment. */
final class ModelStream implements ReplicationStream {

    /** Number of frames and empty reads within which capture must answer the server's request. */
    private static final int PATIENCE = 150;

    private record Frame(long lsn, Supplier<byte[]> bytes) {}

    private final World world;
    private final ModelServer server;
    private final Judge judge;
    private final Deque<Frame> frames = new ArrayDeque<>();

    private record Status(long flushLsn, boolean replyRequested) {}

    private final Deque<Status> statuses = new ArrayDeque<>();
    private final Map<Integer, ModelWal.Layout> sent = new HashMap<>();
    private final long startLsn;
    private int next;

    /** LSN up to which everything was sent. */
    private long sentLsn;

    private long keptAliveLsn;
    private boolean wasAsked;
    private int owed = -1;
    private boolean lost;

    ModelStream(World world, ModelServer server, Judge judge, long startLsn) {
        this.world = world;
        this.server = server;
        this.judge = judge;
        this.startLsn = Math.max(startLsn, server.confirmed());
        sentLsn = this.startLsn;
    }

    @Override
    public boolean receive(FrameHandler handler, int waitMs) {
        if (server.isReadingPaused()) {
            throw world.violated("capture reads, and is paused");
        }
        world.others();
        mayBreak();
        statusesArrive();
        if (owed >= 0 && ++owed > PATIENCE) {
            throw world.violated("the server asked for a status and got none");
        }
        if (waitMs == 0 && world.once(12)) {
            return false;
        }
        Frame frame = nextFrame();
        if (frame == null) {
            return idle(handler, waitMs);
        }
        if (world.once(25)) {
            keepAlive(handler, sentLsn);
            return true;
        }
        frames.poll();
        world.advance(world.chance.nextInt(60));
        byte[] bytes = frame.bytes().get();
        handler.data(frame.lsn(), 5, bytes, 0, bytes.length);
        return true;
    }

    private boolean idle(FrameHandler handler, int waitMs) {
        if (wasAsked || server.wal().end() > keptAliveLsn || world.once(30)) {
            wasAsked = false;
            keptAliveLsn = server.wal().end();
            keepAlive(handler, keptAliveLsn);
            return true;
        }
        world.advance(1_000L * waitMs);
        return false;
    }

    private void keepAlive(FrameHandler handler, long walEnd) {
        boolean reply = world.once(3);
        if (reply && owed < 0) {
            owed = 0;
        }
        handler.keepalive(server.saysWalEnd(walEnd), reply);
    }

    private void mayBreak() {
        if (world.mishap(300)) {
            close();
            if (world.once(3)) {
                server.crash();
            }
        }
        if (lost) {
            throw new SourceException(ErrorCode.CONNECTION_LOST, "the connection broke. Connect again.");
        }
    }

    /** Delivers a status late, perhaps twice, perhaps after a newer one. */
    private void statusesArrive() {
        while (!statuses.isEmpty() && world.chance.nextBoolean()) {
            Status status = switch (world.faulty() ? world.chance.nextInt(8) : 0) {
                case 1 -> statuses.getFirst();
                case 2 -> statuses.getLast();
                default -> statuses.remove();
            };
            server.confirm(status.flushLsn());
            wasAsked |= status.replyRequested();
        }
    }

    /** Returns the current frame. After an entry's last frame, takes the next entry. */
    private Frame nextFrame() {
        List<ModelWal.Entry> entries = server.wal().entries();
        while (frames.isEmpty() && next < entries.size()) {
            ModelWal.Entry entry = entries.get(next++);
            if (next > 1) {
                sentLsn = Math.max(sentLsn, entries.get(next - 2).end());
            }
            if (entry.start() >= startLsn) {
                send(entry);
            }
        }
        return frames.peek();
    }

    private void send(ModelWal.Entry entry) {
        if (entry.kind() == ModelWal.MESSAGE) {
            frames.add(new Frame(entry.end(), entry.frame()));
        } else if (entry.kind() == ModelWal.TRANSACTION) {
            if (entry.operations().isEmpty() && world.chance.nextBoolean()) {
                // from version 15 on, the server does not send empty transactions
                return;
            }
            frames.add(new Frame(entry.firstLsn(), () -> Frames.begin(entry.start(), 7, entry.xid())));
            if (!entry.origin().isEmpty()) {
                frames.add(new Frame(entry.firstLsn(), () -> Frames.origin(entry.origin())));
            }
            for (ModelWal.Operation operation : entry.operations()) {
                operation.layouts().forEach(this::sendLayout);
                frames.add(new Frame(operation.lsn(), operation.frame()));
            }
            frames.add(new Frame(entry.end(), () -> Frames.commit(entry.start(), entry.end(), 7)));
        }
    }

    private void sendLayout(ModelWal.Layout layout) {
        if (!layout.equals(sent.put(layout.oid(), layout)) || world.once(20)) {
            frames.add(new Frame(
                    0,
                    () -> Frames.relation(
                            layout.oid(), layout.name(), layout.columns().toArray(String[]::new))));
        }
    }

    @Override
    public void sendStatus(long received, long flushed, boolean requestReply) {
        world.tick();
        if (lost) {
            throw new SourceException(ErrorCode.CONNECTION_LOST, "the connection broke. Connect again.");
        }
        judge.acknowledged(received, flushed);
        statuses.add(new Status(flushed, requestReply));
        owed = -1;
    }

    @Override
    public void checkNotices() {
        world.tick();
    }

    @Override
    public SourceException silent(long silentMs) {
        return new SourceException(ErrorCode.CONNECTION_LOST, "nothing for " + silentMs + " ms. Connect again.");
    }

    /** Delivers some of the statuses that are on their way. */
    @Override
    public void close() {
        if (!lost) {
            lost = true;
            for (int arrive = world.chance.nextInt(statuses.size() + 1); arrive > 0; arrive--) {
                server.confirm(statuses.remove().flushLsn());
            }
        }
    }
}
