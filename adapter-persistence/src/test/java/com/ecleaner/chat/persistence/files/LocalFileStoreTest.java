package com.ecleaner.chat.persistence.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.FileKey;
import com.ecleaner.chat.domain.port.FileStore;
import com.ecleaner.chat.domain.port.FileStoreContract;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What the port promises, kept on a disk. */
class LocalFileStoreTest extends FileStoreContract {
    private static final FileKey KEY = FileKey.whole(new AttachmentId("../../secret"));

    @TempDir private Path folder;

    @Override
    protected FileStore store() {
        return LocalFileStore.open(folder.resolve("files"));
    }

    private static FileStore.Content content(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return new FileStore.Content() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public InputStream from(long offset) {
                return new ByteArrayInputStream(bytes, (int) offset, bytes.length);
            }
        };
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void what_was_kept_is_there_for_whoever_opens_the_folder_next() throws IOException {
        store().put(KEY, content("hello"));

        try (InputStream in = store().find(KEY).orElseThrow().from(0)) {
            assertThat(in.readAllBytes()).asString().isEqualTo("hello");
        }
    }

    @Test
    void nobody_else_may_look_into_it() throws IOException {
        store().put(KEY, content("hello"));

        try (Stream<Path> all = Files.walk(folder.resolve("files"))) {
            assertThat(all)
                    .allSatisfy(
                            path ->
                                    assertThat(
                                                    PosixFilePermissions.toString(
                                                            Files.getPosixFilePermissions(path)))
                                            .isIn("rwx------", "rw-------"));
        }
    }

    @Test
    void no_part_of_an_id_is_part_of_a_path() throws IOException {
        store().put(KEY, content("hello"));

        assertThat(files())
                .singleElement()
                .asString()
                .startsWith(folder.resolve("files") + "/")
                .doesNotContain("secret", "..");
    }

    @Test
    void an_upload_that_broke_off_leaves_no_file() throws IOException {
        FileStore.Content broken =
                new FileStore.Content() {
                    @Override
                    public long size() {
                        return 10;
                    }

                    @Override
                    public InputStream from(long offset) {
                        return new ByteArrayInputStream(new byte[3]);
                    }
                };

        Refused.as(Refusal.Code.UNAVAILABLE, () -> store().put(KEY, broken));

        assertThat(files()).isEmpty();
    }

    @Test
    void what_a_process_that_died_was_writing_is_no_file_and_is_cleared_up_in_time()
            throws IOException {
        store();
        Path old = Files.createFile(folder.resolve("files/incoming/1.part"));
        Path young = Files.createFile(folder.resolve("files/incoming/2.part"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));

        store();

        assertThat(files()).containsExactly(young);
    }

    @Test
    void a_disk_that_is_full_is_unavailable_and_keeps_room_for_the_database() throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        FileStore full = new LocalFileStore(folder.resolve("files"), 2 * free);

        Refused.as(Refusal.Code.UNAVAILABLE, () -> full.put(KEY, content("hello")));

        assertThat(full.find(KEY)).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void a_folder_that_is_gone_is_unavailable() throws IOException {
        FileStore store = store();
        Files.delete(folder.resolve("files/incoming"));

        Refused.as(Refusal.Code.UNAVAILABLE, () -> store.put(KEY, content("hello")));
    }

    @Test
    void a_folder_that_cannot_be_made_is_said_at_once() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> LocalFileStore.open(file))
                .isInstanceOf(UncheckedIOException.class);
    }
}
