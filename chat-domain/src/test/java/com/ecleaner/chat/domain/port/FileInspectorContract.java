package com.ecleaner.chat.domain.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.given.Photos;
import com.ecleaner.chat.domain.given.Refused;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** What everybody who looks into uploads promises, whatever they make of what they find. */
@SuppressWarnings("InputStreamSlowMultibyteRead") // what they read is counted byte by byte
public abstract class FileInspectorContract {
    private static final int KB = 1 << 10;

    /** The inspector under test. */
    protected abstract FileInspector inspector();

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private FileInspector.Arrived arrived(byte[] bytes) throws IOException {
        return inspector().receive(new ByteArrayInputStream(bytes), 100 * KB);
    }

    private static byte[] from(FileStore.Content content, long offset) {
        try (InputStream in = content.from(offset)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void bytes_that_mean_nothing_are_kept_as_they_came_and_are_no_picture() throws IOException {
        byte[] bytes = random(40 * KB);
        try (FileInspector.Arrived file = arrived(bytes)) {
            FileInspector.Inspected found = file.inspect();

            assertThat(file.size()).isEqualTo(40 * KB);
            assertThat(found.contentType()).isEqualTo("application/octet-stream");
            assertThat(found.content().size()).isEqualTo(40 * KB);
            assertThat(from(found.content(), 0)).isEqualTo(bytes);
            assertThat(from(found.content(), 40 * KB - 3)).hasSize(3);
            assertThat(found.width()).isEmpty();
            assertThat(found.height()).isEmpty();
            assertThat(found.thumbnail()).isEmpty();
        }
    }

    @Test
    void a_type_is_plain_and_only_a_picture_has_a_size_and_a_thumbnail() throws IOException {
        for (byte[] bytes :
                new byte[][] {Photos.jpeg(8, 6), Photos.png(8, 6), "x".getBytes(UTF_8)}) {
            try (FileInspector.Arrived file = arrived(bytes)) {
                FileInspector.Inspected found = file.inspect();

                assertThat(file.size()).isEqualTo(bytes.length);
                assertThat(found.contentType()).matches("[a-z]+/[a-z0-9.+-]+");
                assertThat(found.height().isPresent()).isEqualTo(found.width().isPresent());
                assertThat(found.width().isPresent())
                        .as("%s", found.contentType())
                        .isEqualTo(found.thumbnail().isPresent());
            }
        }
    }

    @Test
    void as_much_as_is_allowed_is_taken_and_no_byte_more() throws IOException {
        try (FileInspector.Arrived file = arrived(random(100 * KB))) {
            assertThat(file.size()).isEqualTo(100 * KB);
        }

        Refused.as(Refusal.Code.TOO_LARGE, () -> arrived(random(100 * KB + 1)).close());
    }

    @Test
    void what_is_too_large_is_not_read_to_its_end() {
        AtomicLong read = new AtomicLong();
        InputStream endless =
                new InputStream() {
                    @Override
                    public int read() {
                        read.incrementAndGet();
                        return 7;
                    }
                };

        Refused.as(Refusal.Code.TOO_LARGE, () -> inspector().receive(endless, 100 * KB).close());
        assertThat(read.get()).isLessThan(200 * KB);
    }

    @Test
    void an_upload_that_breaks_off_says_so() {
        InputStream broken =
                new InputStream() {
                    private int left = 10 * KB;

                    @Override
                    public int read() throws IOException {
                        if (left-- <= 0) {
                            throw new IOException("the line is gone");
                        }
                        return 7;
                    }
                };

        assertThatThrownBy(() -> inspector().receive(broken, 100 * KB))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the line is gone");
    }

    @Test
    void uploads_that_are_there_at_once_do_not_meet() throws IOException {
        byte[] one = random(1_000);
        byte[] two = random(2_000);
        try (FileInspector.Arrived first = arrived(one);
                FileInspector.Arrived second = arrived(two)) {
            assertThat(from(second.inspect().content(), 0)).isEqualTo(two);
            assertThat(from(first.inspect().content(), 0)).isEqualTo(one);
        }
    }

    @Test
    void nothing_at_all_arrives_as_nothing() throws IOException {
        try (FileInspector.Arrived file = arrived(new byte[0])) {
            assertThat(file.size()).isZero();
        }
    }
}
