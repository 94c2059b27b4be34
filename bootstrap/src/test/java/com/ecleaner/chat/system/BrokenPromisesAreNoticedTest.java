package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ecleaner.chat.bootstrap.postgres.EmbeddedDatabase;
import com.ecleaner.chat.bootstrap.settings.DatabaseAddress;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What holds the promises to account must be able to fail: each promise is broken once, on a line
 * or in the record, and it is noticed.
 */
class BrokenPromisesAreNoticedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final int OPERATIONS = 120;

    @TempDir static Path folder;
    private static EmbeddedDatabase postgres;
    private static RunningChat chat;
    private static long seed;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedDatabase.start(folder.resolve("db"));
        chat = RunningChat.in(folder.resolve("data"), RunningChat.over(postgres.address()));
    }

    @AfterAll
    static void stop() throws Exception {
        chat.close();
        postgres.close();
    }

    private static RandomConversations conversations(Function<String, LineTampering> tampering)
            throws Exception {
        return new RandomConversations(++seed, chat.port(), chat.platform(), tampering, PATIENCE);
    }

    // --- on the lines

    /** A fault of the server, as a device would see it. */
    enum OnTheLine {
        A_MESSAGE_IS_LOST("a hole before") {
            @Override
            LineTampering on(String user) {
                AtomicInteger passed = new AtomicInteger();
                return frame ->
                        isOthersMessage(frame, user) && passed.incrementAndGet() % 3 == 0
                                ? List.of()
                                : List.of(frame);
            }
        },
        A_MESSAGE_COMES_TWICE("came twice") {
            @Override
            LineTampering on(String user) {
                return frame ->
                        isOthersMessage(frame, user) ? List.of(frame, frame) : List.of(frame);
            }
        },
        TWO_MESSAGES_ARE_SWAPPED("a hole before") {
            @Override
            LineTampering on(String user) {
                AtomicReference<String> held = new AtomicReference<>();
                return frame -> {
                    String before = held.getAndSet(null);
                    if (before == null && isOthersMessage(frame, user)) {
                        held.set(frame);
                        return List.of();
                    }
                    if (before == null || is(frame, "welcome")) {
                        return List.of(frame);
                    }
                    return isOthersMessage(frame, user) && room(frame).equals(room(before))
                            ? List.of(frame, before)
                            : List.of(before, frame);
                };
            }
        },
        A_TEXT_IS_ANOTHER("content of") {
            @Override
            LineTampering on(String user) {
                return frame ->
                        isOthersMessage(frame, user)
                                ? List.of(frame.replace("\"content\":\"", "\"content\":\"not "))
                                : List.of(frame);
            }
        },
        AN_EDIT_IS_LOST("content of") {
            @Override
            LineTampering on(String user) {
                return frame -> is(frame, "message_edited") ? List.of() : List.of(frame);
            }
        },
        A_VERSION_FALLS("version fell") {
            @Override
            LineTampering on(String user) {
                return frame ->
                        is(frame, "read") && VERSION.matcher(frame).find()
                                ? List.of(frame, VERSION.matcher(frame).replaceFirst("$1\\1"))
                                : List.of(frame);
            }
        },
        A_MARK_GOES_BACK("the mark went back") {
            @Override
            LineTampering on(String user) {
                return frame ->
                        is(frame, "read") && UNREAD.matcher(frame).find()
                                ? List.of(frame, UP_TO.matcher(frame).replaceFirst("$10"))
                                : List.of(frame);
            }
        },
        UNREAD_IS_ONE_TOO_MANY("unread was told") {
            @Override
            LineTampering on(String user) {
                return frame ->
                        is(frame, "read") ? List.of(oneMore(UNREAD, frame)) : List.of(frame);
            }
        },
        THE_TOTAL_IS_ONE_TOO_MANY("in all") {
            @Override
            LineTampering on(String user) {
                return frame -> is(frame, "read") ? List.of(oneMore(TOTAL, frame)) : List.of(frame);
            }
        },
        A_MESSAGE_COMES_AFTER_A_LOSS("came after access was lost") {
            @Override
            LineTampering on(String user) {
                Map<String, String> last = new ConcurrentHashMap<>();
                return frame -> {
                    if (isOthersMessage(frame, user)) {
                        last.put(room(frame), frame);
                    }
                    String again = is(frame, "room_left") ? last.get(room(frame)) : null;
                    return again == null ? List.of(frame) : List.of(frame, again);
                };
            }
        },
        /** Noticed by whatever comes first: the next total, or a look at who is in the room. */
        NOBODY_IS_TOLD_OF_A_LOSS("in all|for their own") {
            @Override
            LineTampering on(String user) {
                return frame -> is(frame, "room_left") ? List.of() : List.of(frame);
            }
        };

        private static final Pattern VERSION = Pattern.compile("(\"version\":)\\d+");
        private static final Pattern UP_TO = Pattern.compile("(\"up_to_seq\":)\\d+");
        private static final Pattern UNREAD = Pattern.compile("(\"unread_count\":)(\\d+)");
        private static final Pattern TOTAL = Pattern.compile("(\"total_unread\":)(\\d+)");
        private static final Pattern ROOM = Pattern.compile("\"room\":(\\d+)");

        /** A regular expression. */
        final String noticedAs;

        OnTheLine(String noticedAs) {
            this.noticedAs = noticedAs;
        }

        /** What it does on the line of one of this user's devices. */
        abstract LineTampering on(String user);

        private static boolean is(String frame, String type) {
            return frame.startsWith("{\"type\":\"" + type + "\"");
        }

        private static boolean isOthersMessage(String frame, String user) {
            return is(frame, "chat_message") && !frame.contains("\"sender\":{\"id\":\"" + user);
        }

        private static String room(String frame) {
            Matcher room = ROOM.matcher(frame);
            assertThat(room.find()).isTrue();
            return room.group(1);
        }

        private static String oneMore(Pattern number, String frame) {
            return number.matcher(frame)
                    .replaceAll(n -> n.group(1) + (Long.parseLong(n.group(2)) + 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fault_on_a_line_is_noticed(OnTheLine fault) throws Exception {
        AtomicBoolean armed = new AtomicBoolean();
        Function<String, LineTampering> tampering =
                user -> {
                    LineTampering broken = fault.on(user);
                    return frame -> armed.get() ? broken.arriving(frame) : List.of(frame);
                };
        try (RandomConversations talk = conversations(tampering)) {
            talk.play(OPERATIONS);
            talk.check();
            armed.set(true);
            assertThatThrownBy(() -> playOn(talk)).hasMessageFindingMatch(fault.noticedAs);
        }
    }

    /** Until what the fault strikes has happened where it can be noticed. */
    private static void playOn(RandomConversations talk) {
        for (int i = 0; i < 10; i++) {
            talk.play(OPERATIONS);
            talk.check();
        }
    }

    // --- in the record

    enum InTheRecord {
        AN_ECHOED_MESSAGE_IS_GONE(
                "echoed, so kept",
                """
                with last as (
                    delete from message m using room r
                    where r.id = m.room_id and r.name = 'lobby %d' and m.seq = r.last_seq
                    returning m.room_id)
                update room set last_seq = last_seq - 1 where id in (select room_id from last)
                """),
        A_NUMBER_IS_MISSING(
                "numbers of room",
                """
                delete from message m using room r
                where r.id = m.room_id and r.name = 'lobby %d' and m.seq = 2
                """),
        A_TEXT_WAS_NEVER_SENT(
                "never sent",
                """
                update message m set content = 'never sent' from room r
                where r.id = m.room_id and r.name = 'lobby %d' and m.deleted_at is null
                """),
        UNREAD_DIFFERS_FROM_THE_RECOUNT(
                "unread of",
                """
                update participant p set skipped = skipped + 1 from room r
                where r.id = p.room_id and r.name = 'lobby %d'
                    and r.last_seq > p.last_read_seq + p.skipped
                """),
        A_MARK_WENT_BACK(
                "mark of",
                """
                with reader as (
                    select p.room_id, p.user_id from participant p join room r on r.id = p.room_id
                    where r.name = 'lobby %d' and p.last_read_seq > 0)
                update participant p
                set last_read_seq = 0,
                    skipped = (select count(*) from message m where m.room_id = p.room_id
                        and (m.sender_id = p.user_id or m.deleted_at is not null))
                from reader where reader.room_id = p.room_id and reader.user_id = p.user_id
                """);

        final String noticedAs;
        final String statement;

        InTheRecord(String noticedAs, String statement) {
            this.noticedAs = noticedAs;
            this.statement = statement;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fault_in_the_record_is_noticed(InTheRecord fault) throws Exception {
        try (RandomConversations talk = conversations(user -> LineTampering.NONE)) {
            plant(fault.statement.formatted(seed), talk);
            assertThatThrownBy(talk::check).hasMessageContaining(fault.noticedAs);
        }
    }

    /** As soon as there is something to change. */
    private static void plant(String statement, RandomConversations talk) throws SQLException {
        for (int i = 0; i < 10; i++) {
            talk.play(OPERATIONS);
            talk.check();
            if (changes(statement)) {
                return;
            }
        }
        throw new AssertionError("nothing was changed by " + statement);
    }

    private static boolean changes(String statement) throws SQLException {
        DatabaseAddress address = postgres.address();
        try (Connection connection =
                        DriverManager.getConnection(
                                address.jdbcUrl(),
                                address.user().orElseThrow(),
                                address.password().orElseThrow().value());
                Statement change = connection.createStatement()) {
            return change.executeUpdate(statement) > 0;
        }
    }
}
