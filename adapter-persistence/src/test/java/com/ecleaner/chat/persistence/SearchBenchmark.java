package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.port.Search;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.SearchCursor;
import com.ecleaner.chat.domain.view.SearchPage;
import com.ecleaner.chat.domain.view.SearchScope;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a search costs among a million messages in 20,000 rooms, for somebody in 50 of them and for
 * an admin who looks through all. Prints Markdown. How to run it is in {@code docs/search.md}.
 */
public final class SearchBenchmark {
    private static final int ROOMS = 20_000;
    private static final int MESSAGES = Integer.getInteger("messages", 1_000_000);
    private static final int TIMES = Integer.getInteger("times", 200);

    /** For one kind of question; then it is asked less often. */
    private static final Duration AT_MOST = Duration.ofSeconds(8);

    private static final List<String> PLANNED =
            List.of("a word in 1 of 10 messages", "part of words in 1 of 20");
    private static final Actor ANNA = new Actor(new UserId("user-1"), Role.CLIENT);

    private SearchBenchmark() {}

    /** Runs all of it; takes about four minutes, most of which fill the tables. */
    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        try (EmbeddedPostgres server =
                        EmbeddedPostgres.builder()
                                .setServerConfig("shared_buffers", "512MB")
                                .setServerConfig("max_wal_size", "8GB")
                                .setServerConfig("maintenance_work_mem", "512MB")
                                .setServerConfig("logging_collector", "on")
                                .start();
                Store store = store(server)) {
            fill(store);
            print(
                    "| %,d messages in %,d rooms | rows | asked | median | p99 |"
                            .formatted(MESSAGES, ROOMS));
            print("| --- | --- | --- | --- | --- |");
            for (Case one : cases()) {
                measure(store, one);
            }
            plans(store);
        }
    }

    private record Case(String name, SearchScope scope, String typed, boolean second) {}

    private static List<Case> cases() {
        SearchScope own = new SearchScope.OwnRooms();
        SearchScope all = new SearchScope.EveryRoom();
        List<Case> cases = new ArrayList<>();
        for (SearchScope scope : List.of(own, all)) {
            String who = scope.equals(own) ? "50 rooms" : "admin";
            cases.add(new Case(who + ", a word in 1 of 10 messages", scope, "key", false));
            cases.add(new Case(who + ", the same, second page", scope, "key", true));
            cases.add(new Case(who + ", a word in 1 of 1,000", scope, "rare7", false));
            cases.add(new Case(who + ", two words", scope, "key rare7", false));
            cases.add(new Case(who + ", part of words in 1 of 20", scope, "indo", false));
            cases.add(new Case(who + ", part of a rare word", scope, "are77", false));
            cases.add(new Case(who + ", a beginning of one letter", scope, "k", false));
            cases.add(new Case(who + ", nothing", scope, "nothingofthekind", false));
            cases.add(new Case(who + ", a name", scope, "lastname77", false));
        }
        return cases;
    }

    private static void fill(Store store) {
        store.execute(
                """
                insert into chat_user (id, username, first_name, words)
                select 'user-' || i, 'user' || i, 'Lastname' || i, 'user' || i || ' lastname' || i
                from generate_series(1, %2$d / 2) as i;
                insert into room (id, room_type, name, created_at, updated_at, is_active, version,
                    state_version, last_seq, participant_count)
                overriding system value
                select i, 'general', 'room ' || i, now(), now(), true, %1$d / %2$d + 1, 1,
                    %1$d / %2$d, 3
                from generate_series(1, %2$d) as i;
                insert into participant (room_id, user_id, role, joined_at, last_read_seq, skipped,
                    is_present, version)
                select r, 'user-' || u, 'client', now(), 0, 0, true, 1
                from generate_series(1, %2$d) as r
                cross join lateral (values (r %% (%2$d / 2) + 1), (r * 7 %% (%2$d / 2) + 1),
                    (case when r %% (%2$d / 50) = 0 then 1 end)) as p(u)
                where u is not null on conflict do nothing;
                create unlogged table said as
                select i as id, (i * 7919::bigint) %% %2$d + 1 as room_id, i / %2$d + 1 as seq,
                    timestamptz '2025-01-01T00:00:00Z' + i * interval '20 seconds' as at,
                    case when h %% 10 = 0 then 'key ' else '' end
                    || case when h %% 20 = 1 then 'window ' else '' end
                    || case when h %% 1000 = 0 then 'rare7 ' else '' end
                    || case when h %% 5000 = 3 then 'xrare77y ' else '' end
                    || (select string_agg(substr(md5((w.n + i %% 3)::text), 1, 3 + w.n %% 6), ' ')
                        from (select (20000 ^ (((i * 31 + k * 7877) %% 10007) / 10007.0))::int as n
                            from generate_series(1, 4 + i %% 9) as k) as w)
                    as words
                from generate_series(1, %1$d) as i
                -- Which words somebody says has nothing to do with where.
                cross join lateral (select hashint8(i) & 2147483647 as h) as chance;
                insert into message (id, room_id, seq, version, sender_id, message_type, content,
                    created_at)
                select id, room_id, seq, seq + 1, 'user-' || (room_id * case when id %% 2 = 0
                    then 1 else 7 end %% (%2$d / 2) + 1), 'text', words, at from said;
                insert into message_words_new (message_id, room_id, sent_at, words)
                select id, room_id, at, words from said order by id desc limit 1000;
                drop index message_words_text;
                insert into message_words (message_id, room_id, sent_at, words)
                select id, room_id, at, words from said order by id desc offset 1000;
                create index message_words_text on message_words
                    using gin (array_to_tsvector(string_to_array(words, ' ')), words gin_trgm_ops)\
                """
                        .formatted(MESSAGES, ROOMS));
        store.execute("vacuum analyze");
    }

    private static void measure(Store store, Case one) {
        Search search = store.ports().search();
        Terms terms = Terms.of(one.typed());
        Optional<SearchCursor> after =
                one.second()
                        ? search.find(ANNA, one.scope(), terms, Optional.empty(), 20).next()
                        : Optional.empty();
        List<Double> times = new ArrayList<>();
        int rows = 0;
        long end = System.nanoTime() + AT_MOST.toNanos();
        for (int i = -TIMES / 10; i < TIMES; i++) {
            long start = System.nanoTime();
            if (start > end && times.size() >= TIMES / 10) {
                break;
            }
            SearchPage page = search.find(ANNA, one.scope(), terms, after, 20);
            if (i >= 0) {
                times.add((System.nanoTime() - start) / 1e6);
            }
            rows = page.messages().size();
        }
        times.sort(null);
        print(
                "| %s | %d | %d | %.1f ms | %.1f ms |"
                        .formatted(
                                one.name(),
                                rows,
                                times.size(),
                                times.get(times.size() / 2),
                                times.get(times.size() * 99 / 100)));
    }

    /** How each of the tables is searched: the plans of the statements themselves, with times. */
    private static void plans(Store filled) {
        filled.execute("alter database postgres set session_preload_libraries = 'auto_explain'");
        filled.execute("alter database postgres set auto_explain.log_min_duration = 0");
        filled.execute("alter database postgres set auto_explain.log_analyze = on");
        try (Store store = Store.over(filled.settings())) {
            store.database().words().close();
            for (Case one : cases()) {
                if (PLANNED.stream().anyMatch(one.name()::endsWith)) {
                    long before = logSize(filled);
                    store.ports()
                            .search()
                            .find(ANNA, one.scope(), Terms.of(one.typed()), Optional.empty(), 20);
                    print("\n" + one.name() + ":\n\n```");
                    logged(filled, before).forEach(SearchBenchmark::print);
                    print("```");
                }
            }
        }
    }

    private static long logSize(Store store) {
        return Long.parseLong(
                store.ask("select length(pg_read_file(pg_current_logfile()))::text").getFirst());
    }

    /** The plans that look at words, without the statements themselves. */
    private static List<String> logged(Store store, long from) {
        String log =
                store.ask("select substr(pg_read_file(pg_current_logfile()), " + (from + 1) + ")")
                        .getFirst();
        return Stream.of(log.split("\n(?=[^\t])"))
                .filter(entry -> entry.contains("plan:") && entry.contains("on message_words"))
                .map(entry -> entry.substring(Math.max(0, entry.indexOf("\n\tLimit"))).strip())
                .map(plan -> plan.replace("\n\t", "\n").replaceAll("\\{[0-9,]+}", "{…}"))
                .toList();
    }

    private static Store store(EmbeddedPostgres server) {
        Database.Settings settings =
                new Database.Settings(
                        server.getJdbcUrl("postgres", "postgres"),
                        "postgres",
                        "postgres",
                        20,
                        Duration.ofSeconds(10),
                        PostgresRoomLog.Settings.DEFAULT);
        Database.migrate(settings);
        Store store = Store.over(settings);
        // What is new stays new, so that it is part of each search.
        store.database().words().close();
        return store;
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
