package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * 100,000 frames of the chat with fields that say anything, from people of all kinds: each question
 * is answered once, no exception escapes, nobody is closed, and neighbours talk on in the same
 * rooms as if nothing were. Replay with {@code -Dfuzz.seed=…}.
 */
class ChatFuzzTest {
    private static final int FRAMES = Integer.getInteger("fuzz.frames", 100_000);
    private static final int BATCH = 250;

    private final long seed = Long.getLong("fuzz.seed", System.nanoTime() % 1_000_000);
    private final Random random = new Random(seed);
    private final Map<String, Integer> answers = new TreeMap<>();
    private int frames;

    @Test
    @Timeout(180)
    void a_hundred_thousand_frames_of_any_content_harm_nobody() {
        Logger logger = (Logger) LoggerFactory.getLogger("com.ecleaner.chat");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try (ChatServer server = ChatServer.start()) {
            long job = server.job("5", "anna", "john");
            long foreign = server.job("6", "bert", "kate");
            long support =
                    server.room(
                            new RoomKey.OfSupport(
                                    new UserId("bert"), Optional.empty(), Optional.empty()));
            Client bert = server.connect("bert:client");
            bert.next("welcome");
            Client kate = server.connect("kate:cleaner");
            kate.next("welcome");
            List<Client> fuzzers =
                    List.of(
                            server.connect("anna:client"),
                            server.connect("/ws/job_chat/5/", "john:cleaner"),
                            server.connect("eve:client"),
                            server.connect("root:admin"));
            fuzzers.forEach(fuzzer -> fuzzer.next("welcome"));
            RandomFrames source = new RandomFrames(random, job, job, foreign, support, 3, 4);
            for (int number = 0; frames < FRAMES; number++) {
                for (Client fuzzer : fuzzers) {
                    batch(fuzzer, source);
                }
                neighboursTalk(bert, kate, foreign, "undisturbed " + number);
            }
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .as("seed %s: logged", seed)
                .noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
        assertThat(answers)
                .as("seed %s", seed)
                .containsKeys(
                        "chat_message",
                        "message_edited",
                        "message_deleted",
                        "history",
                        "rooms",
                        "room",
                        "synced",
                        "authenticated",
                        "pong",
                        "read",
                        "error bad_frame",
                        "error unknown_type",
                        "error invalid",
                        "error forbidden",
                        "error not_found");
        System.out.println("frames of any content, seed " + seed + ": " + answers);
    }

    /** Frames in one go, then a question: once that is answered, all before it were handled. */
    private void batch(Client fuzzer, RandomFrames source) {
        Set<String> owed = new HashSet<>();
        for (int i = 0; i < BATCH; i++) {
            String id = "f" + frames++;
            RandomFrames.Sent sent = source.next(id);
            if (sent.answered()) {
                owed.add(id);
            }
            fuzzer.queue(sent.text());
        }
        String end = "end" + frames;
        fuzzer.queue("{\"type\":\"ping\",\"id\":\"" + end + "\"}");
        fuzzer.flush();
        for (JsonNode frame :
                fuzzer.until(f -> f.path("id").asText().equals(end), "the end of a batch")) {
            owed.remove(frame.path("id").asText());
            String code = frame.path("code").asText();
            assertThat(code).as("seed %s: %s", seed, frame).isNotEqualTo("unavailable");
            answers.merge((frame.path("type").asText() + " " + code).strip(), 1, Integer::sum);
        }
        assertThat(owed).as("seed %s: not answered", seed).isEmpty();
        fuzzer.forget();
    }

    private static void neighboursTalk(Client bert, Client kate, long room, String text) {
        JsonNode echo = bert.send(room, text);
        JsonNode heard =
                kate.await(
                        "chat_message",
                        f -> f.path("message").path("content").asText().equals(text));
        assertThat(heard.path("message").path("seq")).isEqualTo(echo.path("message").path("seq"));
        bert.forget();
        kate.forget();
    }
}
