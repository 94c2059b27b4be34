package com.ecleaner.chat.redis;

import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.user.UserId;

import org.redisson.api.RScript;
import org.redisson.client.codec.StringCodec;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What one user may send on all nodes together. The node's own limits decide at once; what they let
 * through is taken from a bucket all nodes share as well, without waiting for it, and whoever has
 * overdrawn that one is refused until it is level again. So a user on several nodes may be ahead by
 * what they send within one journey to Redis, and never in the long run; and while Redis is away
 * each node counts for itself. Frames that change nothing are the node's own affair. Thread-safe;
 * never waits.
 */
final class SharedLimits implements RateLimits {
    /** Beyond this many users being asked about at once, the node's own limits have to do. */
    private static final int MAX_ASKED = 10_000;

    /** A debt this short comes from clocks that differ, not from the user. */
    private static final double TOLERATED_SECONDS = 0.05;

    /** Takes from a token bucket that may be overdrawn by its own size; says how long it is. */
    private static final String TAKE =
            """
            local now = redis.call('time')
            local at = now[1] * 1000 + math.floor(now[2] / 1000)
            local rate, burst, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
            local held = redis.call('hmget', KEYS[1], 'left', 'at')
            local left = burst
            if held[1] then
                local gone = math.max(0, at - tonumber(held[2]))
                left = math.min(burst, tonumber(held[1]) + gone * rate / 1000)
            end
            left = math.max(-burst, left - wanted)
            redis.call('hset', KEYS[1], 'left', tostring(left), 'at', string.format('%.0f', at))
            redis.call('pexpire', KEYS[1], math.ceil((burst - left) / rate * 1000) + 1000)
            if left >= 0 then return 0 end
            return math.ceil(-left / rate * 1000)
            """;

    /** What a user's node knows of the shared bucket. */
    private static final class Account {
        private int spent;
        private boolean asking;
        private long closedUntil;
    }

    private final RateLimits own;
    private final RedisLink link;
    private final String perSecond;
    private final String burst;
    private final Map<UserId, Account> accounts = new ConcurrentHashMap<>();

    SharedLimits(RateLimits own, RedisLink link, int perSecond, int burst) {
        this.own = own;
        this.link = link;
        this.perSecond = Integer.toString(perSecond);
        this.burst = Integer.toString(burst);
        var unused = link.upkeep().scheduleWithFixedDelay(this::tidy, 5, 5, TimeUnit.SECONDS);
    }

    @Override
    public double secondsToWait(UserId user, Kind kind) {
        if (kind == Kind.FRAME) {
            return own.secondsToWait(user, kind);
        }
        Account account = accounts.get(user);
        if (account != null) {
            synchronized (account) {
                long nanos = account.closedUntil - System.nanoTime();
                if (account.closedUntil != 0 && nanos > 0) {
                    return nanos / 1e9;
                }
            }
        }
        double wait = own.secondsToWait(user, kind);
        if (wait == 0 && link.isUp()) {
            spend(user);
        }
        return wait;
    }

    private void spend(UserId user) {
        if (accounts.size() >= MAX_ASKED && !accounts.containsKey(user)) {
            return;
        }
        accounts.compute(
                user,
                (u, held) -> {
                    Account account = held == null ? new Account() : held;
                    synchronized (account) {
                        account.spent++;
                    }
                    return account;
                });
        ask(user);
    }

    private void ask(UserId user) {
        Account account = accounts.get(user);
        if (account == null) {
            return;
        }
        int spent;
        synchronized (account) {
            if (account.asking || account.spent == 0) {
                return;
            }
            account.asking = true;
            spent = account.spent;
            account.spent = 0;
        }
        var unused =
                link.client()
                        .getScript(StringCodec.INSTANCE)
                        .<Long>evalAsync(
                                RScript.Mode.READ_WRITE,
                                TAKE,
                                RScript.ReturnType.LONG,
                                List.of("chat:rate:" + user),
                                perSecond,
                                burst,
                                Integer.toString(spent))
                        .whenComplete((millis, fault) -> answered(user, account, millis, fault));
    }

    private void answered(UserId user, Account account, Long millis, Throwable fault) {
        synchronized (account) {
            account.asking = false;
            if (fault != null) {
                account.spent = 0;
                return;
            }
            if (millis / 1e3 > TOLERATED_SECONDS) {
                account.closedUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            }
        }
        ask(user);
    }

    /** Forgets whoever owes nothing and spends nothing. */
    private void tidy() {
        for (UserId user : accounts.keySet()) {
            accounts.computeIfPresent(
                    user,
                    (u, account) -> {
                        synchronized (account) {
                            boolean idle =
                                    !account.asking
                                            && account.spent == 0
                                            && account.closedUntil - System.nanoTime() <= 0;
                            return idle ? null : account;
                        }
                    });
        }
    }
}
