package io.pgcdc.error;

/**
 * The stable numbers of errors. A number is never given another meaning. Ranges: 0xx configuration, 1xx source server, slot and
 * publication, 2xx stream and decoding, 3xx catalog facts, 4xx queue, 5xx sinks, 6xx this machine (the demo), 9xx our own defects.
 */
public enum ErrorCode {
    CONFIG_UNKNOWN_KEY(1, Retry.NEVER, "unknown configuration key"),
    CONFIG_BAD_VALUE(2, Retry.NEVER, "value outside its type or limits"),
    CONFIG_MISSING(3, Retry.NEVER, "required setting missing"),
    CONFIG_FILE_UNREADABLE(4, Retry.NEVER, "configuration file cannot be read"),
    CONFIG_SYNTAX(5, Retry.NEVER, "configuration file is not valid YAML"),
    CONFIG_CONFLICT(6, Retry.NEVER, "settings exclude each other"),
    CONFIG_SECRET_UNRESOLVED(7, Retry.NEVER, "a ${env:..} or ${file:..} reference cannot be resolved"),
    CONFIG_SOURCE_URL(8, Retry.NEVER, "source URL cannot be understood"),

    SOURCE_UNREACHABLE(101, Retry.BACKOFF, "no connection to the server"),
    AUTHENTICATION_FAILED(102, Retry.NEVER, "the server refused user or password"),
    SLOT_MISSING(103, Retry.NEVER, "replication slot does not exist"),
    SLOT_IN_USE(104, Retry.BACKOFF, "replication slot is in use by another process"),
    REPLICATION_PRIVILEGE_MISSING(105, Retry.NEVER, "role may not use replication"),
    WAL_LEVEL_NOT_LOGICAL(106, Retry.NEVER, "wal_level is not logical"),
    PUBLICATION_MISSING(107, Retry.NEVER, "publication does not exist"),
    SLOT_OTHER_PLUGIN(108, Retry.NEVER, "slot uses another output plugin, or is physical"),
    SLOT_OTHER_DATABASE(109, Retry.NEVER, "slot belongs to another database"),
    SERVER_TOO_OLD(110, Retry.NEVER, "server version is not supported"),
    DATABASE_MISSING(111, Retry.NEVER, "database does not exist"),
    SLOT_INVALIDATED(112, Retry.NEVER, "slot was invalidated by the server"),
    PUBLICATION_SKIPPED(113, Retry.NEVER, "server skipped a publication that the slot cannot see"),
    CONNECTION_LOST(114, Retry.RECONNECT, "replication connection was lost"),
    SESSION_NOT_PINNED(115, Retry.NEVER, "a session setting does not have the value that the output depends on"),
    PRIVILEGE_MISSING(116, Retry.NEVER, "role lacks a privilege"),
    SLOTS_EXHAUSTED(117, Retry.NEVER, "no free replication slot or walsender"),
    SOURCE_SQL_FAILED(118, Retry.BACKOFF, "a statement on the source failed"),
    POSITION_GAP(119, Retry.NEVER, "the slot is ahead of the queue: changes in between are gone"),
    TLS_FAILED(120, Retry.NEVER, "TLS connection failed"),
    PUBLICATION_SLOT_ORDER(121, Retry.NEVER, "slot is older than its publication"),
    SOURCE_IN_RECOVERY(122, Retry.NEVER, "server is a standby"),
    TABLE_MISSING(123, Retry.NEVER, "table does not exist"),
    SLOT_GONE(124, Retry.NEVER, "the slot that the queue was made from no longer exists"),
    TIMELINE_FORKED(125, Retry.NEVER, "the server's timeline forked off before the end of the queue"),
    SERVER_BEHIND(126, Retry.NEVER, "the server's WAL ends before the queue does: it was restored or lost WAL"),
    SERVERS_DIFFER(127, Retry.RECONNECT, "two connections reached different servers"),
    COLUMN_MISSING(128, Retry.NEVER, "column does not exist"),
    STREAM_STANDSTILL(129, Retry.NEVER, "the server fails with the same error at the same LSN each time"),
    COLUMN_LISTS_DIFFER(130, Retry.NEVER, "publications of one slot have different columns of a table"),
    START_BEYOND_WAL(131, Retry.NEVER, "a sink's start position lies beyond the server's WAL"),
    SOURCE_NOT_VISIBLE_YET(132, Retry.BACKOFF, "the server sent a transaction that is not yet visible in its catalog"),
    SNAPSHOT_UNKNOWN(133, Retry.NEVER, "a slot exists without its queue, so nobody knows if its snapshot was finished"),
    SNAPSHOT_GONE(134, Retry.NEVER, "the state of the database at the slot's beginning is no longer kept"),
    SNAPSHOT_TABLE_CHANGED(135, Retry.NEVER, "a table was dropped, altered or rewritten while its rows were read"),
    SNAPSHOT_NEEDS_KEY(136, Retry.NEVER, "a large table without a key cannot be read while changes are streamed"),
    SNAPSHOT_REFUSED(137, Retry.NEVER, "a snapshot cannot be read as it was asked for"),
    PASSWORD_UNAVAILABLE(138, Retry.RECONNECT, "no password: its command fails, or its file cannot be read"),
    PUBLICATION_LACKS_TABLE(139, Retry.NEVER, "a publication that was to be created exists, and lacks a table"),
    REPLICA_IDENTITY_MISSING(
            140, Retry.NEVER, "a published table without a replica identity: its UPDATEs and DELETEs fail"),
    PUBLICATION_EMPTY(141, Retry.NEVER, "a publication has no table"),
    ALIAS_UNUSED(142, Retry.NEVER, "a pattern of table_aliases matches no published table"),
    REPLICA_IDENTITY_PARTIAL(143, Retry.NEVER, "a table's replica identity does not send whole old rows"),
    PUBLICATION_OPERATIONS(144, Retry.NEVER, "a publication leaves out an operation"),
    TABLE_NOT_PUBLISHED(145, Retry.NEVER, "a table that a sink names is in no publication of the source"),
    WAL_KEEP_LIMIT(146, Retry.NEVER, "the limit of the WAL that the server keeps for a slot does not fit"),
    SLOT_IDLE_LIMIT(147, Retry.NEVER, "the server invalidates a slot that nobody uses for some time"),
    SLOT_NEAR_LOSS(148, Retry.NEVER, "the server is about to remove WAL that the slot needs"),
    FAILOVER_SLOT(149, Retry.NEVER, "the slot is not one that standbys keep in step"),
    WAL_SENDER_LIMIT(150, Retry.NEVER, "wal_sender_timeout does not fit"),
    SLOT_CREATION_WAITS(151, Retry.NEVER, "a transaction is open that the slot's creation waits for"),

    DECODE_MALFORMED(201, Retry.NEVER, "message is malformed"),
    DECODE_UNKNOWN_MESSAGE(202, Retry.NEVER, "message type is unknown"),
    DECODE_UNSUPPORTED_VERSION(203, Retry.NEVER, "protocol version is not supported"),
    STREAM_OUT_OF_ORDER(204, Retry.NEVER, "message came where the protocol does not allow it"),
    ROW_TOO_LARGE(205, Retry.NEVER, "row is larger than max_row_bytes"),

    TYPE_UNREADABLE(301, Retry.NEVER, "a value's text does not fit its type"),

    QUEUE_DIRECTORY_UNUSABLE(401, Retry.NEVER, "queue directory cannot be written"),
    QUEUE_LOCKED(402, Retry.NEVER, "queue is in use by another process"),
    QUEUE_OTHER_SOURCE(403, Retry.NEVER, "queue was made from another server, database or slot"),
    QUEUE_DAMAGED(404, Retry.NEVER, "queue file is damaged"),
    QUEUE_IO(405, Retry.NEVER, "queue file cannot be read or written"),
    QUEUE_FORMAT(406, Retry.NEVER, "queue was written by a newer version"),
    QUEUE_JVM_FLAGS(407, Retry.NEVER, "the JVM was started without the flags that the queue needs"),
    QUEUE_FULL(408, Retry.BACKOFF, "no space left for the queue"),
    QUEUE_SEGMENT_RELEASED(409, Retry.NEVER, "the queue no longer holds the segment that a reader asks for"),
    QUEUE_NETWORK_FS(410, Retry.NEVER, "queue directory lies on a network file system"),
    OFFSET_REFUSED(411, Retry.NEVER, "an offset of the Kafka Connect connector cannot be set"),
    QUEUE_SPACE_LOW(412, Retry.NEVER, "the queue's disk has too little free space"),

    SINK_UNKNOWN(501, Retry.NEVER, "no sink of that type"),
    SINK_WRITE_FAILED(502, Retry.BACKOFF, "sink could not write"),
    SINK_CLOSED(503, Retry.NEVER, "the reader of the sink's output is gone"),
    ROUTE_CONFLICT(504, Retry.NEVER, "a table's publications differ, and a sink takes only some of them"),
    ROUTE_UNKNOWN(505, Retry.NEVER, "the catalog does not say through which publication a change came"),
    ROUTE_COLUMN_RENAMED(506, Retry.NEVER, "a column that a sink excludes or masks seems to have another name"),
    CHANGE_REFUSED(507, Retry.NEVER, "the sink's target refuses a single change"),
    TARGET_LOST(508, Retry.RECONNECT, "no connection to the sink's target, or it was lost"),
    TARGET_BUSY(
            509,
            Retry.RECONNECT,
            "the sink's target cancelled the transaction: a deadlock, or a lock wait that was too long"),
    TARGET_LOGIN_REFUSED(510, Retry.NEVER, "the sink's target refuses the login"),
    TARGET_PRIVILEGE_MISSING(511, Retry.NEVER, "the sink's role lacks a privilege in its target"),
    TARGET_MISSING(512, Retry.NEVER, "a table, topic, schema or output that the sink needs does not exist"),
    TARGET_MISFIT(
            513,
            Retry.NEVER,
            "a target table does not have the form that the sink needs, or a limit of the target is too low"),
    TARGET_SQL_FAILED(514, Retry.NEVER, "the sink's target refused a statement"),
    TARGET_TAKEN_OVER(515, Retry.NEVER, "another process writes as this sink"),
    TARGET_BEHIND(
            516,
            Retry.NEVER,
            "the sink's target lacks changes that it confirmed: it was restored, or is another target"),
    TAKEOVER_REFUSED(517, Retry.NEVER, "another tool's slot and topics cannot be continued as they stand"),
    REPLICA_DIVERGES(518, Retry.NEVER, "a source table was altered in a way that a replica cannot learn from the rows"),
    PARTITIONS_RENAMED(519, Retry.NEVER, "a partitioned table's rows arrive under another table name than before"),
    TARGET_STAYS_BUSY(
            520, Retry.NEVER, "the sink's target fails again and again for the same reason, and accepts nothing"),
    TARGET_EXCHANGED(
            521, Retry.NEVER, "the sink's target does not know the sink: it was emptied, or is another target"),
    SOURCE_NOT_VISIBLE(
            522, Retry.RECONNECT, "the source has not finished the transactions whose rows a sink must mark"),
    REWIND_REFUSED(523, Retry.NEVER, "a sink cannot go back to a position"),
    SINK_FAILED(524, Retry.NEVER, "a sink has failed for good, and takes no requests until it is started again"),
    REPLAY_REFUSED(525, Retry.NEVER, "changes cannot be replayed to a sink as it was asked for"),
    PERSONAL_DATA(526, Retry.NEVER, "columns that look like personal data reach a sink unmasked"),
    PLUGIN_UNREADABLE(530, Retry.NEVER, "a plugin's jar, or the folder of plugins, cannot be read"),
    PLUGIN_WITHOUT_SINK(531, Retry.NEVER, "a plugin contains no sink"),
    PLUGIN_BROKEN(532, Retry.NEVER, "a plugin cannot be used: it was built for another version, or lacks a library"),
    PLUGIN_TYPE_TAKEN(533, Retry.NEVER, "two sinks have the same type, and one of them is from a plugin"),

    MACHINE_DIRECTORY_UNSAFE(602, Retry.NEVER, "another user may write to a directory for programs"),
    MACHINE_SERVER_FAILED(603, Retry.NEVER, "a server that the demo starts did not start"),

    CONTROL_UNREACHABLE(604, Retry.NEVER, "no running pipeline answers for a queue"),
    CONTROL_REFUSED(605, Retry.NEVER, "a running pipeline does not understand a request, or is not ready for it"),
    HTTP_UNAVAILABLE(606, Retry.NEVER, "the HTTP server cannot listen at its address, or must not without a token"),
    FEED_REFUSED(607, Retry.NEVER, "the change feed cannot answer a request"),

    INTERNAL(901, Retry.NEVER, "defect in pgcdc");

    private final int number;
    private final Retry retry;
    private final String title;

    ErrorCode(int number, Retry retry, String title) {
        this.number = number;
        this.retry = retry;
        this.title = title;
    }

    public int number() {
        return number;
    }

    public Retry retry() {
        return retry;
    }

    /** Returns a few words for tables of errors. */
    public String title() {
        return title;
    }

    /** Returns the code as printed: {@code CDC-104}. */
    @Override
    public String toString() {
        return String.format("CDC-%03d", number);
    }
}
