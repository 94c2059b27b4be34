package com.ecleaner.chat.persistence.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.domain.message.FileKey;
import com.ecleaner.chat.domain.port.FileStore;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Files' bytes in a folder, which several nodes may share. A file is written aside, synced, renamed
 * to its place and its folder synced, so a crash leaves it there whole or not at all. Files are
 * called by a digest of their id, in 256 folders: whatever an id says, it leads nowhere else. Only
 * their owner may read them. Thread-safe.
 */
public final class LocalFileStore implements FileStore {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFileStore.class);

    /** What stays free on the disk, in bytes: files must not take the database's last page. */
    private static final long RESERVE = 256L << 20;

    private final Path root;
    private final Folder incoming;
    private final long reserve;

    LocalFileStore(Path root, long reserve) throws IOException {
        this.root = Folder.at(root).path();
        this.incoming = Folder.at(root.resolve("incoming"));
        this.reserve = reserve;
        incoming.removeStale();
    }

    /**
     * Opens the store, and clears up what a process that died has left unfinished.
     *
     * @param folder made where it is missing
     * @throws UncheckedIOException where it cannot be written to
     */
    public static LocalFileStore open(Path folder) {
        try {
            LocalFileStore store = new LocalFileStore(folder, RESERVE);
            Folder.discard(store.incoming.newFile(".try"));
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void put(FileKey key, Content content) {
        Place place = place(key);
        try {
            incoming.requireSpace(content.size(), reserve);
            Path written = incoming.newFile(".part");
            try {
                write(content, written);
                settle(written, place);
            } finally {
                Folder.discard(written);
            }
        } catch (IOException e) {
            LOG.warn("A file could not be kept", e);
            throw Folder.full();
        }
    }

    private static void write(Content content, Path to) throws IOException {
        try (InputStream in = content.from(0);
                FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE)) {
            long size = in.transferTo(Channels.newOutputStream(out));
            if (size != content.size()) {
                throw new IOException("the content broke off");
            }
            out.force(true);
        }
    }

    private void settle(Path written, Place place) throws IOException {
        boolean first = !Files.isDirectory(place.folder());
        Folder folder = Folder.at(place.folder());
        if (first) {
            Folder.at(root).sync();
        }
        if (!Files.exists(place.file())) {
            Files.move(written, place.file(), StandardCopyOption.ATOMIC_MOVE);
        }
        folder.sync();
    }

    @Override
    public Optional<Content> find(FileKey key) {
        try {
            return Optional.of(FileContent.of(place(key).file()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("A file could not be opened", e);
            throw Folder.full();
        }
    }

    @Override
    public void remove(FileKey key) {
        try {
            Files.deleteIfExists(place(key).file());
        } catch (IOException e) {
            LOG.warn("A file could not be removed", e);
            throw Folder.full();
        }
    }

    private record Place(Path folder, Path file) {}

    private Place place(FileKey key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(key.of().value().getBytes(UTF_8));
            String name = HexFormat.of().formatHex(digest);
            Path folder = root.resolve(name.substring(0, 2));
            return new Place(
                    folder, folder.resolve(name.substring(2) + (key.thumbnail() ? ".small" : "")));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
