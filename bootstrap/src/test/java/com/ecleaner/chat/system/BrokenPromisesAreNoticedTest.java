package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ecleaner.chat.bootstrap.postgres.EmbeddedDatabase;
import com.ecleaner.chat.bootstrap.settings.DatabaseAddress;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What holds the promises to account must be able to fail: each promise is broken once, on a line
 * or in the record, and it is noticed.
 */
class BrokenPromisesAreNoticedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OPERATIONS = 200;

    @TempDir static Path folder;
    private static EmbeddedDatabase postgres;
    private static RunningChat chat;
    private static long seed;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedDatabase.start(folder.resolve("db"));
        DatabaseAddress address = postgres.address();
        chat =
                RunningChat.in(
                        folder.resolve("data"),
                        Map.of(
                                "CHAT_DATABASE_URL",
                                address.jdbcUrl(),
                                "CHAT_DATABASE_USER",
                                address.user().orElseThrow(),
                                "CHAT_DATABASE_PASSWORD",
                                address.password().orElseThrow().value()));
    }

    @AfterAll
    static void stop() throws Exception {
        chat.close();
        postgres.close();
    }

    private static RandomConversations conversations(LineTampering tampering) throws Exception {
        return new RandomConversations(++seed, chat.port(), chat.platform(), tampering, PATIENCE);
    }

    // --- on the lines

    /** A fault of the server, as a device would see it. */
    enum OnTheLine {
        A_MESSAGE_IS_LOST("a hole before") {
            @Override
            List<String> instead(String frame) {
                return isOthersMessage(frame) ? List.of() : null;
            }
        },
        A_MESSAGE_COMES_TWICE("came twice") {
            @Override
            List<String> instead(String frame) {
                return isOthersMessage(frame) ? List.of(frame, frame) : null;
            }
        },
        A_VERSION_FALLS("version fell") {
            @Override
            List<String> instead(String frame) {
                return is(frame, "read") && VERSION.matcher(frame).find()
                        ? List.of(frame, VERSION.matcher(frame).replaceFirst("\"version\":1"))
                        : null;
            }
        },
        A_TEXT_IS_ANOTHER("content") {
            @Override
            List<String> instead(String frame) {
                return isOthersMessage(frame)
                        ? List.of(frame.replace("\"content\":\"", "\"content\":\"not "))
                        : null;
            }
        },
        AN_EDIT_IS_LOST("content") {
            @Override
            List<String> instead(String frame) {
                return is(frame, "message_edited") ? List.of() : null;
            }
        },
        UNREAD_IS_ONE_TOO_MANY("unread was told") {
            @Override
            List<String> instead(String frame) {
                Matcher count = UNREAD.matcher(frame);
                return is(frame, "read") && count.find()
                        ? List.of(
                                count.replaceFirst(
                                        "\"unread_count\":" + (Long.parseLong(count.group(1)) + 1)))
                        : null;
            }
        },
        THE_TOTAL_IS_ONE_TOO_MANY("in all") {
            @Override
            List<String> instead(String frame) {
                Matcher total = TOTAL.matcher(frame);
                return is(frame, "read") && total.find()
                        ? List.of(
                                total.replaceFirst(
                                        "\"total_unread\":" + (Long.parseLong(total.group(1)) + 1)))
                        : null;
            }
        },
        SOMETHING_COMES_AFTER_A_LOSS("after access was lost") {
            @Override
            List<String> instead(String frame) {
                Matcher room = ROOM.matcher(frame);
                return is(frame, "room_left") && room.find()
                        ? List.of(
                                frame,
                                "{\"type\":\"read\",\"room\":"
                                        + room.group(1)
                                        + ",\"version\":100000,\"user_id\":\"x\","
                                        + "\"up_to_seq\":1}")
                        : null;
            }
        };

        private static final Pattern VERSION = Pattern.compile("\"version\":\\d+");
        private static final Pattern UNREAD = Pattern.compile("\"unread_count\":(\\d+)");
        private static final Pattern TOTAL = Pattern.compile("\"total_unread\":(\\d+)");
        private static final Pattern ROOM = Pattern.compile("\"room\":(\\d+)");

        final String noticedAs;

        OnTheLine(String noticedAs) {
            this.noticedAs = noticedAs;
        }

        /** What arrives instead of the frame that it strikes; null for any other. */
        abstract List<String> instead(String frame);

        static boolean is(String frame, String type) {
            return frame.startsWith("{\"type\":\"" + type + "\"");
        }

        /** Of anna, who has a device for each of two rooms besides: most see it as another's. */
        static boolean isOthersMessage(String frame) {
            return is(frame, "chat_message")
                    && frame.contains("\"sender\":{\"id\":\"anna\"")
                    && frame.contains("\"content\":\"says")
                    && frame.contains("\"is_read\":false");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fault_on_a_line_is_noticed(OnTheLine fault) throws Exception {
        AtomicBoolean armed = new AtomicBoolean();
        LineTampering tampering =
                frame -> {
                    List<String> instead = armed.get() ? fault.instead(frame) : null;
                    // On every line from then on: one that is cut next would heal a single fault.
                    return instead == null ? List.of(frame) : instead;
                };
        try (RandomConversations talk = conversations(tampering)) {
            talk.play(OPERATIONS);
            talk.check();
            armed.set(true);
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 5; i++) {
                                    talk.play(OPERATIONS / 2);
                                    talk.check();
                                }
                            })
                    .hasMessageContaining(fault.noticedAs);
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
        try (RandomConversations talk = conversations(LineTampering.NONE)) {
            talk.play(OPERATIONS);
            talk.check();
            execute(fault.statement.formatted(seed));
            assertThatThrownBy(talk::check).hasMessageContaining(fault.noticedAs);
        }
    }

    private static void execute(String statement) throws SQLException {
        DatabaseAddress address = postgres.address();
        try (Connection connection =
                        DriverManager.getConnection(
                                address.jdbcUrl(),
                                address.user().orElseThrow(),
                                address.password().orElseThrow().value());
                Statement change = connection.createStatement()) {
            if (change.executeUpdate(statement) == 0) {
                throw new SQLException("nothing was changed by " + statement);
            }
        }
    }

    // --- an outsider

    @Test
    void somebody_who_was_never_told_of_a_loss_is_noticed() throws Exception {
        AtomicReference<String> lost = new AtomicReference<>();
        LineTampering tampering =
                frame -> {
                    if (OnTheLine.is(frame, "room_left")) {
                        lost.set(frame);
                        return List.of();
                    }
                    return List.of(frame);
                };
        try (RandomConversations talk = conversations(tampering)) {
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 10; i++) {
                                    talk.play(OPERATIONS / 2);
                                    talk.check();
                                }
                            })
                    .hasMessageContaining("false");
        }
    }
}
