package com.ecleaner.chat.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

/** An answer that holds for a moment, and the database that is asked so. */
@Timeout(60)
class RememberedTest {
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void an_answer_holds_for_a_moment_and_no_longer() {
        Remembered odd =
                new Remembered(
                        () -> asked.incrementAndGet() % 2 == 1, Duration.ofNanos(500), now::get);

        assertThat(odd.getAsBoolean()).isTrue();
        now.addAndGet(499);
        assertThat(odd.getAsBoolean()).isTrue();
        now.addAndGet(1);
        assertThat(odd.getAsBoolean()).isFalse();
        assertThat(asked).hasValue(2);
    }

    @Test
    void those_who_come_while_it_is_asked_get_that_answer() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Remembered slow =
                new Remembered(
                        () -> {
                            asked.incrementAndGet();
                            begun.countDown();
                            try {
                                end.await();
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                            return true;
                        },
                        Duration.ofNanos(500),
                        now::get);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> answers = new ArrayList<>();
            answers.add(threads.submit(slow::getAsBoolean));
            begun.await();
            for (int i = 0; i < 100; i++) {
                answers.add(threads.submit(slow::getAsBoolean));
            }
            end.countDown();

            for (Future<Boolean> answer : answers) {
                assertThat(answer.get()).isTrue();
            }
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void a_thousand_who_ask_whether_the_database_is_there_are_a_handful_of_transactions() {
        AtomicInteger transactions = new AtomicInteger();
        try (Store store = Store.fresh();
                Database database =
                        Database.open(store.settings(), real -> counting(real, transactions))) {
            transactions.set(0);

            for (int i = 0; i < 1_000; i++) {
                assertThat(database.answers()).isTrue();
            }

            assertThat(transactions).hasValueBetween(1, 20);
        }
    }

    private static DataSource counting(DataSource real, AtomicInteger connections) {
        return (DataSource)
                java.lang.reflect.Proxy.newProxyInstance(
                        DataSource.class.getClassLoader(),
                        new Class<?>[] {DataSource.class},
                        (proxy, method, args) -> {
                            if (Connection.class.equals(method.getReturnType())) {
                                connections.incrementAndGet();
                            }
                            return method.invoke(real, args);
                        });
    }
}
