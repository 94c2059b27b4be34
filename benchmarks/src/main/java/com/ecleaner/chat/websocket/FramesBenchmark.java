package com.ecleaner.chat.websocket;

import com.ecleaner.chat.application.live.Delivery;
import com.ecleaner.chat.application.live.Notice;
import com.ecleaner.chat.application.memory.InMemoryPresence;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A message's way in and out: a client's frame becomes an object, a notice becomes bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FramesBenchmark {
    private static final String SAYING =
            "I am on my way, be there in ten minutes. Is the key with you?";

    private final String frame =
            "{\"type\":\"message\",\"room\":7,\"message\":\""
                    + SAYING
                    + "\",\"client_id\":\"5f3c-17\"}";
    private final Notice notice =
            new Notice.Posted(
                    918,
                    new Message(
                            new MessageId(123),
                            new RoomId(7),
                            42,
                            918,
                            new Person(new UserId("26"), "cleaner1", "John"),
                            MessageType.TEXT,
                            SAYING,
                            Instant.parse("2025-10-25T10:30:00.123Z"),
                            false,
                            Optional.of(new ClientId("5f3c-17")),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
    private final Frames frames = new Frames(new InMemoryPresence());

    /** For JMH alone. */
    public FramesBenchmark() {}

    /** A client's frame, read and looked into. */
    @Benchmark
    public Object decode() throws Exception {
        ClientFrame read = ClientFrame.parse(frame);
        return read.type().equals("message") ? read.draft() : read;
    }

    /** A posted message as a frame. */
    @Benchmark
    public Object encode() {
        return frames.of(new Delivery(notice));
    }
}
