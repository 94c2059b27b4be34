package com.ecleaner.chat.application;

import static com.ecleaner.chat.domain.Refusal.Code.RATE_LIMITED;
import static com.ecleaner.chat.domain.Refusal.Code.UNAVAILABLE;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.application.messages.SearchMessages;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.port.Search;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.SearchPage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** How many searches may be under way at once. */
@Timeout(60)
class SearchGateTest {
    private static final SearchPage NOTHING = new SearchPage(List.of(), Optional.empty());

    private final Semaphore begun = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Search slow =
            (asker, scope, terms, after, limit) -> {
                begun.release();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return NOTHING;
            };
    private final SearchMessages searches = new SearchMessages(slow);

    private SearchPage search(String who) {
        return searches.search(
                new Actor(new UserId(who), Role.CLIENT),
                Terms.of("key"),
                Optional.empty(),
                Optional.empty(),
                10);
    }

    @Test
    void one_user_has_three_searches_at_once_and_everybody_together_eight()
            throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SearchPage>> under = new ArrayList<>();
            for (String who : List.of("a", "a", "a", "b", "b", "b", "c", "c")) {
                under.add(threads.submit(() -> search(who)));
                begun.acquire();
            }

            assertThat(Refused.as(RATE_LIMITED, () -> search("a")).retryAfterSeconds())
                    .isPositive();
            Refused.as(UNAVAILABLE, () -> search("d"));

            end.countDown();
            for (Future<SearchPage> one : under) {
                assertThat(one.get()).isEqualTo(NOTHING);
            }
            assertThat(search("a")).isEqualTo(NOTHING);
        }
    }
}
