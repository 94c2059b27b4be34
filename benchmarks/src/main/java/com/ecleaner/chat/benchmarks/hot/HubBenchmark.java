package com.ecleaner.chat.benchmarks.hot;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.live.Delivery;
import com.ecleaner.chat.application.live.Ending;
import com.ecleaner.chat.application.live.Hub;
import com.ecleaner.chat.application.live.Listener;
import com.ecleaner.chat.application.live.Notice;
import com.ecleaner.chat.application.memory.InMemoryPresence;
import com.ecleaner.chat.application.memory.InMemoryStore;
import com.ecleaner.chat.application.memory.InProcessEventBus;
import com.ecleaner.chat.application.signin.Visitor;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** From a message that is sent to the last member's listener, over stores in memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HubBenchmark {
    /** Sessions in the room. */
    @Param({"2", "500"})
    public int members = 2;

    private final InProcessEventBus bus = new InProcessEventBus();
    private final InMemoryStore store = new InMemoryStore();
    private final Chat chat =
            new Chat(
                    new Chat.Stores(
                            store.log(),
                            store.rooms(),
                            store.jobs(),
                            store.users(),
                            store.search()),
                    bus,
                    RateLimits.NONE,
                    InstantSource.system());
    private final Hub hub =
            new Hub(
                    store.rooms(),
                    store.users(),
                    bus,
                    new InMemoryPresence(),
                    InstantSource.system(),
                    10);
    private final Actor sender = new Actor(new UserId("0"), Role.CLIENT);
    private final Semaphore delivered = new Semaphore(0);
    private RoomId room = new RoomId(1);

    /** For JMH alone. */
    public HubBenchmark() {}

    /** Lets everybody in. */
    @Setup(Level.Trial)
    public void open() throws Hub.Refused {
        for (int i = 0; i < members; i++) {
            UserId user = new UserId(Integer.toString(i));
            Actor actor = new Actor(user, Role.CLIENT);
            room = chat.openRoom().open(actor, new RoomKey.OfAll("lobby")).view().room().id();
            Visitor visitor =
                    new Visitor(
                            new Person(user, "anna", "Anna"),
                            actor,
                            InstantSource.system().instant().plus(Duration.ofDays(1)));
            hub.connect(visitor, Optional.of(room), new Counting()).open(welcome -> {});
        }
        delivered.drainPermits();
    }

    /** Ends all threads. */
    @TearDown(Level.Trial)
    public void close() {
        hub.close();
        bus.close();
    }

    /** One message to all. */
    @Benchmark
    public void fanOut() {
        var unused = chat.sendMessage().send(sender, room, Draft.text("On my way"));
        delivered.acquireUninterruptibly(members);
    }

    private final class Counting implements Listener {
        @Override
        public void deliver(Delivery delivery) {
            if (delivery.notice() instanceof Notice.Posted) {
                delivered.release();
            }
        }

        @Override
        public void end(Ending ending) {}
    }
}
