package com.ecleaner.chat.websocket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.TreeMap;

/**
 * 100,000 frames of all kinds of wrong against a running server, each connection until it is
 * closed: no exception escapes, every connection ends with the code that the guard gave the same
 * bytes in one go, and a neighbour on the same network threads never notices.
 */
class FrameFuzzTest {

    private static final int FRAMES = 100_000;
    private static final WebSocketSettings SETTINGS = WebSocketSettings.defaults();

    @Test
    @Timeout(180)
    void a_hundred_thousand_frames_harm_nobody() throws Exception {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        var random = new Random(seed);
        var codes = new TreeMap<Integer, Integer>();
        var logger = (Logger) LoggerFactory.getLogger("com.ecleaner.chat");
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        logger.addAppender(log);
        try (var server = TestServer.echo(SETTINGS);
                var neighbour = RawClient.open(server.port())) {
            int frames = 0;
            while (frames < FRAMES) {
                try (var client = RawClient.open(server.port())) {
                    // Reads all the while: the echoes must not make it a slow reader.
                    var closing = new Reader(client);
                    var fuzz = new Fuzz(random);
                    var guard = new FrameGuard(SETTINGS, () -> 0);
                    int expected = 0;
                    while (expected == 0) {
                        var frame = fuzz.frame();
                        client.sendInSpite(frame);
                        expected = verdict(guard, frame);
                        frames++;
                    }
                    // Tyrus may find text that is not UTF-8 before that.
                    int code = closing.code();
                    assertThat(code).as("seed %d", seed).isIn(expected, 1007);
                    codes.merge(code, 1, Integer::sum);
                }
                neighbour.text("frame " + frames);
                assertThat(neighbour.receive().text())
                        .as("seed %d", seed)
                        .isEqualTo("frame " + frames);
            }
            await().until(() -> server.stack.connections() == 1);
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .as("seed %d: logged", seed)
                .noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
        assertThat(codes).as("seed %d", seed).containsKeys(1000, 1002, 1003, 1007, 1009);
        LoggerFactory.getLogger(FrameFuzzTest.class)
                .warn("seed {}: connections closed with {}", seed, codes);
    }

    /** The code of the close frame that these bytes bring about, 0 if none. */
    private static int verdict(FrameGuard guard, byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        try {
            while (guard.next(in) != null) {
                if (guard.closeSeen()) {
                    return guard.closeCode() == 1005 ? 1000 : guard.closeCode();
                }
            }
            return 0;
        } catch (FrameViolation v) {
            return v.closing().code();
        }
    }

    /** Reads to the close frame, on a thread of its own. */
    private static final class Reader {

        private final Thread thread;
        private volatile int code;

        private Reader(RawClient client) {
            thread =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            code = client.closeCode();
                                        } catch (IOException e) {
                                            code = -1;
                                        }
                                    });
        }

        private int code() throws InterruptedException {
            thread.join();
            return code;
        }
    }
}
