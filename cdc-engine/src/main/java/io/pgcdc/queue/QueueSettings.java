package io.pgcdc.queue;

import io.pgcdc.config.Setting;
import io.pgcdc.config.SettingType;

/** What can be configured about the queue's storage. */
public final class QueueSettings {

    public static final Setting<Long> FILE_BYTES = Setting.of(
            "file_bytes",
            SettingType.number(1L << 20, 16L << 30),
            256L << 20,
            "A queue file that has reached this size gets no further segment. Space is given back by whole files, so this is the"
                    + " grain of it; smaller files cost more file system operations.");

    private QueueSettings() {}
}
