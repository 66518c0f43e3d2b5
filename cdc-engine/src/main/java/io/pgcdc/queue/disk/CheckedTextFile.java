package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.BeginAnew;
import io.pgcdc.queue.LedgerFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Lines of text whose last line is the CRC of the others. It is replaced as a whole. */
final class CheckedTextFile implements LedgerFile {

    private static final String CRC = "crc32c ";

    private final Path file;

    CheckedTextFile(Path file) {
        this.file = file;
    }

    @Override
    public @Nullable String read() {
        if (!Files.exists(file)) {
            return null;
        }
        String content;
        try {
            content = Files.readString(file);
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", file, e);
        }
        int last = content.lastIndexOf(CRC);
        String text = content.substring(0, Math.max(0, last));
        if (last < 0 || !content.equals(text + crcLine(text))) {
            throw new QueueException(
                    ErrorCode.QUEUE_DAMAGED,
                    "the CRC of the snapshot's ledger does not match; " + file + BeginAnew.REMEDY);
        }
        return text;
    }

    @Override
    public void write(String text) {
        try {
            DurableFiles.write(file, (text + crcLine(text)).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw SegmentFile.io("cannot be written", file, e);
        }
    }

    private static String crcLine(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return CRC + String.format(java.util.Locale.ROOT, "%08x", crc.getValue()) + "\n";
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
