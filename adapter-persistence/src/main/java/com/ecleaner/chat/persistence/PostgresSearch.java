package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.port.Search;
import com.ecleaner.chat.domain.room.ReadMarks;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.search.Terms.Tier;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.SearchCursor;
import com.ecleaner.chat.domain.view.SearchPage;
import com.ecleaner.chat.domain.view.SearchScope;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Searching in PostgreSQL, tier after tier until the page is full, in one snapshot. Thread-safe.
 *
 * <p>Each tier is answered by an index over words, together with one over rooms where not all are
 * looked through: how depends on how common the words are, so these statements, unlike all others,
 * are planned for their parameters.
 */
final class PostgresSearch implements Search {
    /** An admin who looks for a common name is shown what so many people of that name said. */
    private static final int MAX_NAMESAKES = 100;

    private static final String TEXT = "array_to_tsvector(string_to_array(s.words, ' '))";

    private final Transactions transactions;
    private final Duration patience;

    /**
     * Over the stores' sessions.
     *
     * @param patience a statement that takes longer is given up
     */
    PostgresSearch(Transactions transactions, Duration patience) {
        this.transactions = transactions;
        this.patience = patience;
    }

    @Override
    public SearchPage find(
            Actor asker, SearchScope scope, Terms terms, Optional<SearchCursor> after, int limit) {
        try {
            return transactions.run(
                    session ->
                            session.doReturningWork(
                                    c -> new Question(c, terms, after).ask(asker, scope, limit)));
        } catch (RuntimeException e) {
            if (StoreFault.isTimeout(e)) {
                throw Refusal.unavailable("this search takes too long, look for rarer words");
            }
            throw StoreFault.refusal(e);
        }
    }

    /** SQL with its parameters. */
    private static final class Statement {
        private final StringBuilder sql = new StringBuilder();
        private final List<@Nullable Object> values = new ArrayList<>();

        Statement add(String part, @Nullable Object... with) {
            sql.append(part);
            values.addAll(Arrays.asList(with));
            return this;
        }
    }

    /** One search. One use, one thread. */
    private final class Question {
        private final Connection connection;
        private final Terms terms;
        private final Optional<SearchCursor> after;
        private Optional<List<RoomId>> rooms = Optional.empty();

        Question(Connection connection, Terms terms, Optional<SearchCursor> after) {
            this.connection = connection;
            this.terms = terms;
            this.after = after;
        }

        SearchPage ask(Actor asker, SearchScope scope, int limit) throws SQLException {
            new RoundTrip()
                    .update(PostgresRooms.SNAPSHOT)
                    .update("set local plan_cache_mode = force_custom_plan")
                    .update("set local max_parallel_workers_per_gather = 0")
                    .update("set local statement_timeout = " + patience.toMillis())
                    .run(connection);
            rooms = roomsOf(asker, scope);
            List<SearchCursor> found = new ArrayList<>();
            for (Tier tier : Tier.values()) {
                boolean passed = after.map(a -> tier.compareTo(a.tier()) < 0).orElse(false);
                if (!passed && found.size() <= limit && !rooms.equals(Optional.of(List.of()))) {
                    ask(tier, limit + 1 - found.size(), found);
                }
            }
            boolean more = found.size() > limit;
            List<SearchCursor> page = more ? found.subList(0, limit) : found;
            return new SearchPage(
                    messages(page), more ? Optional.of(page.getLast()) : Optional.empty());
        }

        /** The rooms to look in; nothing where it is all of them. */
        private Optional<List<RoomId>> roomsOf(Actor asker, SearchScope scope) throws SQLException {
            return switch (scope) {
                case SearchScope.EveryRoom every -> Optional.empty();
                case SearchScope.OneRoom one -> {
                    PostgresRooms.admitted(
                            connection, new RoundTrip(), one.room(), asker.id(), one.admission());
                    yield Optional.of(List.of(one.room()));
                }
                case SearchScope.OwnRooms own -> {
                    List<RoomId> present = new ArrayList<>();
                    new RoundTrip()
                            .query(
                                    "select p.room_id from participant p where p.user_id = ? and "
                                            + ParticipantColumns.counts(asker.role()),
                                    rs -> present.add(new RoomId(rs.getLong(1))),
                                    asker.id().value())
                            .run(connection);
                    yield Optional.of(present);
                }
            };
        }

        private void ask(Tier tier, int limit, List<SearchCursor> found) throws SQLException {
            Statement statement = new Statement();
            if (tier == Tier.SENDER) {
                bySender(statement, limit);
            } else {
                byWords(statement.add("("), tier, true, limit);
                byWords(statement.add(") union all ("), tier, false, limit);
                statement.add(") order by 2 desc, 1 desc limit ?", limit);
            }
            new RoundTrip()
                    .query(
                            statement.sql.toString(),
                            rs ->
                                    found.add(
                                            new SearchCursor(
                                                    tier,
                                                    Columns.instant(rs, 2),
                                                    new MessageId(rs.getLong(1)))),
                            statement.values.toArray())
                    .run(connection);
        }

        private void byWords(Statement statement, Tier tier, boolean indexed, int limit) {
            statement.add(
                    "select s.message_id, s.sent_at from "
                            + (indexed ? "message_words" : "message_words_new")
                            + " s where true");
            inRooms(statement, "s.room_id");
            if (tier == Tier.WORDS) {
                if (indexed) {
                    matches(statement, terms.words(), "");
                } else {
                    whole(statement.add(" and "));
                }
            } else {
                parts(statement, "s.words", indexed);
                whole(statement.add(" and not "));
            }
            afterCursor(statement, tier, "s.sent_at", "s.message_id");
            statement.add(" order by s.sent_at desc, s.message_id desc limit ?", limit);
        }

        /** The newest that each person of that name says in each room, if it is not found yet. */
        private void bySender(Statement statement, int limit) {
            statement.add("select m.id, m.created_at from ");
            if (rooms.isPresent()) {
                statement.add("participant p join chat_user u on u.id = p.user_id");
            } else {
                statement.add("(select id, words from chat_user u where u.words <> ''");
                parts(statement, "u.words", false);
                statement.add(
                        " order by id limit ?) as u join participant p on p.user_id = u.id",
                        MAX_NAMESAKES);
            }
            statement.add(
                    " cross join lateral (select id, created_at from message"
                            + " where room_id = p.room_id and sender_id = p.user_id and seq > 0"
                            + " and deleted_at is null order by seq desc limit 1) as m"
                            + " where u.words <> ''");
            inRooms(statement, "p.room_id");
            parts(statement, "u.words", false);
            for (String table : List.of("message_words", "message_words_new")) {
                statement.add(
                        " and not exists (select 1 from " + table + " s where s.message_id = m.id");
                parts(statement, "s.words", false);
                statement.add(")");
            }
            afterCursor(statement, Tier.SENDER, "m.created_at", "m.id");
            statement.add(" order by m.created_at desc, m.id desc limit ?", limit);
        }

        private void inRooms(Statement statement, String column) {
            rooms.ifPresent(
                    in ->
                            statement.add(
                                    " and " + column + " = any(?)",
                                    RoundTrip.longs(in, RoomId::value)));
        }

        /** By full text: these words, with {@code :*} their beginnings. */
        private static void matches(Statement statement, Collection<String> words, String how) {
            if (!words.isEmpty()) {
                statement.add(
                        " and " + TEXT + " @@ ?::tsquery",
                        words.stream()
                                .map(word -> "'" + word + "'" + how)
                                .collect(Collectors.joining(" & ")));
            }
        }

        /** All terms are whole words. */
        private void whole(Statement statement) {
            String and = "(";
            for (String term : terms.words()) {
                statement.add(and + "' ' || s.words || ' ' like ?", "% " + term + " %");
                and = " and ";
            }
            statement.add(")");
        }

        /** All terms are parts of words, or their beginnings where they are short. */
        private void parts(Statement statement, String column, boolean indexed) {
            for (String term : terms.words()) {
                if (Terms.findsParts(term)) {
                    statement.add(" and " + column + " like ?", "%" + term + "%");
                } else if (!indexed) {
                    statement.add(" and ' ' || " + column + " like ?", "% " + term + "%");
                }
            }
            if (indexed) {
                matches(
                        statement,
                        terms.words().stream().filter(t -> !Terms.findsParts(t)).toList(),
                        ":*");
            }
        }

        private void afterCursor(Statement statement, Tier tier, String at, String id) {
            after.filter(a -> a.tier() == tier)
                    .ifPresent(
                            a ->
                                    statement.add(
                                            " and ("
                                                    + at
                                                    + ", "
                                                    + id
                                                    + ") < (timestamptz 'epoch'"
                                                    + " + ? * interval '1 millisecond', ?)",
                                            a.at().toEpochMilli(),
                                            a.message().value()));
        }

        private List<Message> messages(List<SearchCursor> page) throws SQLException {
            if (page.isEmpty()) {
                return List.of();
            }
            Map<MessageId, Message> found = new HashMap<>();
            new RoundTrip()
                    .query(
                            "select "
                                    + MessageColumns.COLUMNS
                                    + " from message m"
                                    + MessageColumns.JOINS
                                    + " where m.id = any(?)",
                            rs -> {
                                Message message = MessageColumns.message(rs);
                                found.put(message.id(), message);
                            },
                            RoundTrip.longs(page, c -> c.message().value()))
                    .run(connection);
            List<Message> messages =
                    page.stream().map(c -> Columns.present(found.get(c.message()))).toList();
            Map<RoomId, ReadMarks> marks = new HashMap<>();
            RoundTrip trip = new RoundTrip();
            Facts.askMarks(
                    trip,
                    new LinkedHashSet<>(messages.stream().map(Message::room).toList()),
                    marks);
            trip.run(connection);
            return messages.stream()
                    .map(
                            m ->
                                    m.withRead(
                                            marks.getOrDefault(m.room(), ReadMarks.NONE)
                                                    .isRead(m.sender().id(), m.seq())))
                    .toList();
        }
    }
}
