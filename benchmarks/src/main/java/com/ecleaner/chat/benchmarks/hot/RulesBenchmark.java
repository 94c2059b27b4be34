package com.ecleaner.chat.benchmarks.hot;

import com.ecleaner.chat.domain.access.AccessRules;
import com.ecleaner.chat.domain.access.Action;
import com.ecleaner.chat.domain.access.Standing;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Role;
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
import java.util.concurrent.TimeUnit;

/** What each message asks of the rules, and each look at a room of the unread count. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RulesBenchmark {
    private final Actor actor = new Actor(new UserId("26"), Role.CLEANER);
    private final RoomKey room = RoomKey.OfJob.main(new JobId("5"));
    private final Participant participant =
            Participant.joining(actor.id(), Role.CLEANER, Instant.EPOCH, 0, 1).withMark(17, 5, 900);

    /** For JMH alone. */
    public RulesBenchmark() {}

    /** May they send here? */
    @Benchmark
    public boolean rules() {
        return AccessRules.allows(
                Standing.of(actor, participant.membership(room)), RoomType.JOB, Action.WRITE);
    }

    /** How much have they not read? */
    @Benchmark
    public long unread() {
        return participant.unread(42);
    }
}
