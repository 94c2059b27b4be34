package com.ecleaner.chat.persistence.files;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.port.FileInspector;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Takes uploads in on disk, finds out what they are by their bytes, and writes pictures anew: JPEG,
 * PNG, GIF and WebP, upright, in sRGB, with a thumbnail, and with nothing in them but what one
 * sees. Whatever else was in such a file (where it was taken, another file behind it) is gone.
 *
 * <p>Every other file is kept as it came and is never opened, archives neither; photos of kinds
 * that cannot be written anew are refused, because they say where they were taken.
 *
 * <p>In memory an upload takes a buffer while it arrives; what pictures take is bounded by the
 * memory there is. Thread-safe.
 */
public final class PictureFileInspector implements FileInspector, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PictureFileInspector.class);

    /** What stays free on the disk, in bytes: uploads must not take the database's last page. */
    private static final long RESERVE = 256L << 20;

    private static final int BUFFER = 16 * 1024;

    /** How often one looks what is free, in bytes. */
    private static final int LOOK = 1 << 20;

    private final Folder incoming;
    private final long reserve;
    private final FileTypes types = new FileTypes();
    private final Pictures pictures;

    PictureFileInspector(Path incoming, long reserve, Pictures pictures) throws IOException {
        this.incoming = Folder.at(incoming);
        this.reserve = reserve;
        this.pictures = pictures;
        this.incoming.removeStale();
    }

    /**
     * Opens it, and clears up what a process that died has left unfinished.
     *
     * @param incoming where uploads are while they arrive, on a disk and not in memory; several
     *     processes may share it; made where it is missing
     * @throws UncheckedIOException where it cannot be written to
     */
    public static PictureFileInspector open(Path incoming) {
        Runtime runtime = Runtime.getRuntime();
        try {
            return new PictureFileInspector(
                    incoming,
                    RESERVE,
                    new Pictures(runtime.maxMemory(), runtime.availableProcessors()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        pictures.close();
    }

    @Override
    public Arrived receive(InputStream bytes, long maxBytes) throws IOException {
        Received received = new Received();
        try {
            received.take(bytes, maxBytes);
            return received;
        } catch (IOException | RuntimeException | Error e) {
            received.close();
            throw e;
        }
    }

    private final class Received implements Arrived {
        private final List<Path> files = new ArrayList<>();
        private final Path arrived = newFile();
        private long size;

        @Override
        public long size() {
            return size;
        }

        /** Faults of reading are the sender's, faults of writing are ours. */
        private void take(InputStream bytes, long maxBytes) throws IOException {
            byte[] piece = new byte[BUFFER];
            try (OutputStream out = opened()) {
                while (true) {
                    if (size % LOOK < BUFFER) {
                        requireSpace();
                    }
                    int more = bytes.read(piece, 0, (int) Math.min(BUFFER, maxBytes - size + 1));
                    if (more < 0) {
                        return;
                    }
                    size += more;
                    if (size > maxBytes) {
                        throw Refusal.tooLarge("a file may have " + maxBytes + " bytes");
                    }
                    write(out, piece, more);
                }
            }
        }

        private OutputStream opened() {
            try {
                return Files.newOutputStream(arrived);
            } catch (IOException e) {
                throw full(e);
            }
        }

        private void requireSpace() {
            try {
                incoming.requireSpace(BUFFER, reserve);
            } catch (IOException e) {
                throw full(e);
            }
        }

        private static void write(OutputStream out, byte[] piece, int length) {
            try {
                out.write(piece, 0, length);
            } catch (IOException e) {
                throw full(e);
            }
        }

        @Override
        public Inspected inspect() {
            try {
                String type = types.of(arrived);
                Optional<PictureKind> kind = PictureKind.of(type);
                if (kind.isPresent()) {
                    return picture(kind.get());
                }
                if (FileTypes.isUnreadablePhoto(type)) {
                    throw Refusal.invalid(
                            "file",
                            "is a photo that cannot be shown; send it as JPEG, PNG, GIF or WebP");
                }
                return new Inspected(
                        FileTypes.told(type),
                        FileContent.of(arrived),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        Optional.empty());
            } catch (IOException e) {
                throw full(e);
            }
        }

        private Inspected picture(PictureKind kind) throws IOException {
            Path whole = newFile();
            Path small = newFile();
            Pictures.Written written = pictures.rewrite(kind, arrived, whole, small);
            return new Inspected(
                    written.contentType(),
                    FileContent.of(whole),
                    OptionalInt.of(written.width()),
                    OptionalInt.of(written.height()),
                    Optional.of(FileContent.of(small)));
        }

        private Path newFile() {
            try {
                Path file = incoming.newFile(".part");
                files.add(file);
                return file;
            } catch (IOException e) {
                throw full(e);
            }
        }

        @Override
        public void close() {
            files.forEach(Folder::discard);
        }
    }

    private static Refusal full(IOException e) {
        LOG.warn("An upload could not be written", e);
        return Folder.full();
    }
}
