package com.ecleaner.chat.domain.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.FileKey;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** What every keeper of files' bytes promises. */
public abstract class FileStoreContract {
    private FileStore store;
    private FileKey key;

    /** The store under test, empty or shared. */
    protected abstract FileStore store();

    @BeforeEach
    void arrange() {
        store = store();
        key = FileKey.whole(new AttachmentId(UUID.randomUUID().toString()));
    }

    /** Bytes at hand, which may break off before their end. */
    @SuppressWarnings({
        "ArrayRecordComponent", // never compared
        "InputStreamSlowMultibyteRead", // it has to break off at any byte
    })
    private record Given(byte[] bytes, int breaksAt) implements FileStore.Content {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream from(long offset) {
            return new InputStream() {
                private final InputStream all =
                        new ByteArrayInputStream(bytes, (int) offset, bytes.length);
                private long at = offset;

                @Override
                public int read() throws IOException {
                    if (at++ >= breaksAt) {
                        throw new IOException("broken");
                    }
                    return all.read();
                }
            };
        }
    }

    private static FileStore.Content content(byte[] bytes) {
        return new Given(bytes, Integer.MAX_VALUE);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private byte[] read(FileKey key, long offset) throws IOException {
        try (InputStream in = store.find(key).orElseThrow().from(offset)) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8_191, 8_192, 70_000, 1 << 20})
    void what_was_kept_is_found_byte_by_byte(int size) throws IOException {
        byte[] bytes = random(size);

        store.put(key, content(bytes));

        assertThat(store.find(key).orElseThrow().size()).isEqualTo(size);
        assertThat(read(key, 0)).isEqualTo(bytes);
    }

    @Test
    void it_is_read_from_any_place_and_more_than_once() throws IOException {
        byte[] bytes = "0123456789".getBytes(US_ASCII);
        store.put(key, content(bytes));

        assertThat(read(key, 7)).asString().isEqualTo("789");
        assertThat(read(key, 10)).isEmpty();
        assertThat(read(key, 0)).isEqualTo(bytes);
    }

    @Test
    void what_nobody_kept_is_not_found_and_removing_it_is_no_fault() {
        assertThat(store.find(key)).isEmpty();

        store.remove(key);

        assertThat(store.find(key)).isEmpty();
    }

    @Test
    void a_file_and_its_thumbnail_are_two() throws IOException {
        FileKey small = FileKey.thumbnail(key.of());
        store.put(key, content(random(10)));
        assertThat(store.find(small)).isEmpty();

        store.put(small, content(random(3)));
        store.remove(key);

        assertThat(store.find(key)).isEmpty();
        assertThat(read(small, 0)).isEqualTo(random(3));
    }

    @Test
    void what_was_removed_is_neither_found_nor_read() {
        store.put(key, content(random(10)));
        FileStore.Content found = store.find(key).orElseThrow();

        store.remove(key);
        store.remove(key);

        assertThat(store.find(key)).isEmpty();
        assertThatThrownBy(() -> found.from(0).readAllBytes()).isInstanceOf(IOException.class);
    }

    @Test
    void what_is_kept_never_changes() throws IOException {
        store.put(key, content(random(10)));
        store.put(key, content(random(20)));

        assertThat(read(key, 0)).isEqualTo(random(10));
    }

    @Test
    void of_what_broke_off_nothing_is_kept() throws IOException {
        byte[] bytes = random(100_000);

        Refused.as(Refusal.Code.UNAVAILABLE, () -> store.put(key, new Given(bytes, 90_000)));
        assertThat(store.find(key)).isEmpty();

        store.put(key, content(bytes));
        assertThat(read(key, 0)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../outside",
                "/etc/passwd",
                "a/b",
                "..",
                ".",
                "C:\\x",
                "%2e%2e%2f",
                "a b",
                "CON",
                "ż🧽",
                "incoming"
            })
    void an_id_is_a_name_and_no_path(String id) throws IOException {
        FileKey odd = FileKey.whole(new AttachmentId(id));
        assertThat(store.find(odd)).isEmpty();

        store.put(odd, content(random(5)));
        assertThat(read(odd, 0)).isEqualTo(random(5));

        store.remove(odd);
        assertThat(store.find(odd)).isEmpty();
    }

    @Test
    void ids_that_differ_in_case_alone_are_two() throws IOException {
        FileKey lower = FileKey.whole(new AttachmentId("x" + key.of().value()));
        FileKey upper = FileKey.whole(new AttachmentId("X" + key.of().value()));
        store.put(lower, content(random(1)));
        store.put(upper, content(random(2)));

        assertThat(read(lower, 0)).hasSize(1);
        assertThat(read(upper, 0)).hasSize(2);
    }

    @Test
    void many_keep_and_remove_at_the_same_time() throws Exception {
        List<Thread> people = new ArrayList<>();
        List<FileKey> kept = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int size = i * 1_000;
            FileKey own = FileKey.whole(new AttachmentId(key.of().value() + i));
            kept.add(own);
            people.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        store.put(own, content(random(size)));
                                        if (size % 2_000 == 0) {
                                            store.remove(own);
                                        }
                                    }));
        }
        for (Thread one : people) {
            one.join();
        }

        for (int i = 0; i < 40; i++) {
            assertThat(store.find(kept.get(i)).isPresent()).isEqualTo(i % 2 == 1);
            if (i % 2 == 1) {
                assertThat(read(kept.get(i), 0)).isEqualTo(random(i * 1_000));
            }
        }
    }
}
