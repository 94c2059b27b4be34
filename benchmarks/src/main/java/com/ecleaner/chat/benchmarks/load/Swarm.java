package com.ecleaner.chat.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * All connections to one server, and what comes back over them. Thread-safe.
 *
 * <p>A message counts when its sender gets it back; a delivery is a message that reached anybody,
 * its sender included. Latency is from when a message was due to when another member has it.
 */
public final class Swarm implements AutoCloseable {
    private static final int OPENING_AT_ONCE = 24;

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Peer> peers = new ArrayList<>();
    private final Bootstrap bootstrap;
    private final boolean welcomes;
    private final LongAdder messages = new LongAdder();
    private final LongAdder deliveries = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final Recorder latency = new Recorder(3);

    private volatile boolean looping;
    private volatile boolean closing;
    private volatile String fault = "";

    /**
     * @param port of the server, on this machine
     * @param welcomes whether it says something on each new connection
     */
    public Swarm(int port, boolean welcomes) {
        this.welcomes = welcomes;
        this.bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .remoteAddress("127.0.0.1", port);
    }

    /** Opens these connections, a few at once, and returns when all are ready. */
    public void open(List<Seat> seats) {
        Semaphore opening = new Semaphore(OPENING_AT_ONCE);
        List<Peer> added = new ArrayList<>();
        for (Seat seat : seats) {
            Peer peer = new Peer(peers.size(), seat, welcomes, this);
            opening.acquireUninterruptibly();
            var unused = peer.opened().whenComplete((ready, why) -> opening.release());
            peers.add(peer);
            added.add(peer);
            bootstrap
                    .clone()
                    .handler(
                            new ChannelInitializer<SocketChannel>() {
                                @Override
                                protected void initChannel(SocketChannel channel) {
                                    channel.pipeline().addLast(peer);
                                }
                            })
                    .connect()
                    .addListener(
                            connected -> {
                                if (!connected.isSuccess()) {
                                    peer.opened().completeExceptionally(connected.cause());
                                }
                            });
        }
        added.forEach(peer -> peer.opened().orTimeout(60, TimeUnit.SECONDS).join());
    }

    /** How many connections are open. */
    public int size() {
        return peers.size();
    }

    /** Messages that came back to their senders. */
    public long messages() {
        return messages.sum();
    }

    /** Messages that came to anybody. */
    public long deliveries() {
        return deliveries.sum();
    }

    /** The latencies since the last call, in nanoseconds. */
    public Histogram latencies() {
        return latency.getIntervalHistogram();
    }

    /**
     * Starts a closed loop: of each of the first {@code senders} connections, {@code window}
     * messages are on their way at any time.
     */
    public void loop(int senders, int window) {
        looping = true;
        for (Peer peer : peers.subList(0, senders)) {
            sent.add(window);
            loop.execute(
                    () -> {
                        for (int i = 0; i < window; i++) {
                            peer.send();
                        }
                        peer.flush();
                    });
        }
    }

    /** Each connection that has something to say says it once. */
    public void once() {
        for (Peer peer : peers) {
            sent.increment();
            peer.sendLater(System.nanoTime());
        }
    }

    /**
     * Sends at a rate, whatever comes back, from all connections that have something to say, in
     * turn. Each message counts from when it was due, so that a stall of the server or of the
     * generator shows in all messages it delayed.
     */
    public void send(int perSecond, Duration length) {
        List<Peer> senders = List.copyOf(peers);
        long begin = System.nanoTime();
        long count = perSecond * length.toMillis() / 1_000;
        for (long i = 0; i < count; i++) {
            long due = begin + i * 1_000_000_000L / perSecond;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            sent.increment();
            senders.get((int) (i * 7919 % senders.size())).sendLater(due);
        }
    }

    /** Ends the loop and waits until all that was sent has come back. */
    public void settle() {
        looping = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (messages.sum() < sent.sum()) {
            check();
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        (sent.sum() - messages.sum()) + " messages did not come back");
            }
            LockSupport.parkNanos(1_000_000);
        }
        check();
    }

    /** Throws where anything went wrong since the beginning. */
    public void check() {
        if (!fault.isEmpty()) {
            throw new IllegalStateException(fault);
        }
    }

    void delivered(Peer to, Mark mark) {
        deliveries.increment();
        if (mark.sender() != to.number()) {
            latency.recordValue(Math.max(0, System.nanoTime() - mark.nanos()));
            return;
        }
        messages.increment();
        if (looping) {
            sent.increment();
            to.send();
        }
    }

    void failed(String why) {
        if (!closing) {
            fault = why;
        }
    }

    void lost() {
        failed("a connection was lost");
    }

    @Override
    public void close() {
        closing = true;
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
