package com.ecleaner.chat.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * A line that many connections take, and that can be cut, slowed, and stalled in one direction or
 * both. What a stalled line holds back arrives when it is sound again, as TCP would see to. Where a
 * line was {@linkplain #forget forgotten}, connections of before stay silent for ever while new
 * ones work: what a router leaves that lost its table.
 */
public final class FaultyLink implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;

    /** So much is under way at most; then the sender has to wait, as with TCP's window. */
    private static final int MAX_CHUNKS = 64;

    private final ServerSocket listener;
    private final IntSupplier target;
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();

    private volatile boolean cut;
    private volatile boolean stalledUp;
    private volatile boolean stalledDown;
    private volatile long delayNanos;
    private volatile long bytesPerSecond = Long.MAX_VALUE;

    /**
     * A sound line.
     *
     * @param target the port it leads to, asked for with each connection
     */
    public FaultyLink(IntSupplier target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** How many connections take it now. */
    public int connections() {
        return pairs.size();
    }

    /** Every connection is reset, and no other comes through. */
    public void cut() {
        cut = true;
        pairs.forEach(Pair::reset);
    }

    /** Every connection is reset; others come through at once. */
    public void reset() {
        pairs.forEach(Pair::reset);
    }

    /** Nothing goes through in these directions; nobody is told. */
    public void stall(boolean up, boolean down) {
        stalledUp = up;
        stalledDown = down;
    }

    /** Connections there are stay silent for ever, in both directions; new ones work. */
    public void forget() {
        pairs.forEach(pair -> pair.forgotten = true);
    }

    /** Everything takes so much longer, in each direction. */
    public void delay(long millis) {
        delayNanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Each direction of each connection carries no more than that. */
    public void throttle(long bytes) {
        bytesPerSecond = bytes;
    }

    /** Sound again; what was held back arrives. */
    public void heal() {
        cut = false;
        stalledUp = false;
        stalledDown = false;
        delayNanos = 0;
        bytesPerSecond = Long.MAX_VALUE;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        pairs.forEach(Pair::reset);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException closed) {
                // By close().
            }
        }
    }

    private void connect(Socket client) {
        while ((stalledUp || stalledDown) && !listener.isClosed()) {
            // TCP's first packets do not get through either.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        if (cut) {
            end(client);
            return;
        }
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target.getAsInt());
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Pair pair = new Pair(client, server);
            pairs.add(pair);
            pair.start();
            if (cut || listener.isClosed()) {
                pair.reset();
            }
        } catch (IOException serverAway) {
            end(client);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException ended) {
            // It is gone already.
        }
        try {
            socket.close();
        } catch (IOException ended) {
            // It is gone already.
        }
    }

    /** Handed from one thread to one other. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Chunk(long due, byte[] bytes) {}

    /** One connection: what the client has, and what the server has. */
    private final class Pair {
        private static final Chunk END = new Chunk(0, new byte[0]);

        private final Socket client;
        private final Socket server;
        private volatile boolean forgotten;
        private volatile boolean over;
        private final AtomicInteger ended = new AtomicInteger();

        private Pair(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        private void start() {
            pump(client, server, true);
            pump(server, client, false);
        }

        private void pump(Socket from, Socket to, boolean up) {
            BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>(MAX_CHUNKS);
            Thread.ofVirtual().start(() -> read(from, underWay));
            Thread.ofVirtual().start(() -> write(underWay, to, up));
        }

        private void read(Socket from, BlockingQueue<Chunk> underWay) {
            try {
                InputStream in = from.getInputStream();
                byte[] buffer = new byte[CHUNK];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    byte[] bytes = new byte[n];
                    System.arraycopy(buffer, 0, bytes, 0, n);
                    underWay.put(new Chunk(System.nanoTime() + delayNanos, bytes));
                }
            } catch (IOException ended) {
                // Told below.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            while (!over && !underWay.offer(END)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }

        private void write(BlockingQueue<Chunk> underWay, Socket to, boolean up) {
            try {
                OutputStream out = to.getOutputStream();
                while (!over) {
                    Chunk chunk = underWay.poll(50, TimeUnit.MILLISECONDS);
                    if (chunk == null) {
                        continue;
                    }
                    waitFor(chunk, up);
                    if (chunk.equals(END)) {
                        to.shutdownOutput();
                        if (ended.incrementAndGet() == 2) {
                            close();
                        }
                        return;
                    }
                    out.write(chunk.bytes());
                    out.flush();
                }
            } catch (IOException ended) {
                // Told below.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            reset();
        }

        private void waitFor(Chunk chunk, boolean up) {
            long rate = bytesPerSecond;
            long due = chunk.due();
            if (rate != Long.MAX_VALUE) {
                long now = System.nanoTime();
                due = Math.max(due, now) + chunk.bytes().length * 1_000_000_000L / rate;
            }
            while (!over && (forgotten || (up ? stalledUp : stalledDown))) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            for (long left = due - System.nanoTime();
                    left > 0 && !over && (delayNanos > 0 || bytesPerSecond == rate);
                    left = due - System.nanoTime()) {
                LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(10)));
            }
        }

        private void close() throws IOException {
            over = true;
            pairs.remove(this);
            client.close();
            server.close();
        }

        private void reset() {
            over = true;
            pairs.remove(this);
            end(client);
            end(server);
        }
    }
}
