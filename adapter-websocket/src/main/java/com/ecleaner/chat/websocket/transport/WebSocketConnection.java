package com.ecleaner.chat.websocket.transport;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;

import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.memory.CompositeBuffer;
import org.glassfish.grizzly.memory.MemoryManager;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.LongSupplier;

/**
 * One connection: what is read goes through the guard into Tyrus, what Tyrus and the chat send goes
 * through the outbox, and closing is one path whoever began it.
 *
 * <p>Everything but the methods of {@link Socket} and {@link #beat} happens on the connection's
 * network thread.
 *
 * <p>Closing: {@link State#CLOSING} begins with our close, the peer's close frame or a violation.
 * The listener hears of it, Tyrus sends the close frame after what is queued, and the TCP
 * connection is closed once that is written and the peer's close frame has come, or when the time
 * for it is over. Until then everything else that is read is thrown away: a TCP connection closed
 * with unread bytes is reset, and the peer would never see the close frame.
 */
final class WebSocketConnection implements Socket {

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

    /** The most that one read takes, in bytes: also the most that waits while reading is paused. */
    static final int READ_BYTES = 16 * 1024;

    /** How a frame begins that is a text message by itself. */
    private static final byte WHOLE_TEXT = (byte) 0x81;

    private enum State {
        OPEN,
        CLOSING,
        GONE
    }

    private static final AtomicReferenceFieldUpdater<WebSocketConnection, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(WebSocketConnection.class, State.class, "state");

    private final NIOConnection tcp;
    private final WebSocketSettings settings;
    private final LongSupplier nanoTime;
    private final Traffic traffic;
    private final FrameGuard guard;
    private final Outbox outbox;
    private volatile State state = State.OPEN;

    private org.glassfish.tyrus.spi.@Nullable Connection tyrus;
    private @Nullable Session session;
    private @Nullable SocketListener listener;
    private @Nullable StringBuilder text;
    private @Nullable ByteArrayOutputStream binary;
    private boolean closedHeard;
    private boolean failing;
    private boolean outboxDrained;
    private boolean readingOff;
    private byte @Nullable [] held;

    private volatile boolean paused;
    private volatile boolean pinged;
    private volatile long heardAt;
    private volatile long closingSince;

    WebSocketConnection(
            NIOConnection tcp, WebSocketSettings settings, LongSupplier nanoTime, Traffic traffic) {
        this.tcp = tcp;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.traffic = traffic;
        this.guard = new FrameGuard(settings, nanoTime);
        this.outbox = new Outbox(new TcpLine(), settings.maxQueueBytes());
        this.heardAt = nanoTime.getAsLong();
    }

    // What the chat calls, on any thread.

    @Override
    public boolean send(Frame frame) {
        return switch (outbox.offer(frame)) {
            case QUEUED -> true;
            case CLOSED -> false;
            case FULL -> {
                closeAndDrop(Closing.SLOW_CONSUMER);
                yield false;
            }
        };
    }

    @Override
    public void close(Closing closing) {
        if (beginClosing()) {
            traffic.closing(closing);
            outbox.seal();
            onNetworkThread(() -> closeTyrus(closing));
        }
    }

    private void closeAndDrop(Closing closing) {
        if (beginClosing()) {
            traffic.closing(closing);
            outbox.sealAndDrop();
            onNetworkThread(() -> closeTyrus(closing));
        }
    }

    @Override
    public void ping() {
        outbox.offer(Frame.PING);
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
        onNetworkThread(this::readOn);
    }

    @Override
    public long pendingBytes() {
        return outbox.pendingBytes();
    }

    @Override
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /**
     * Pings, or gives up on, a connection that is silent; called now and then on a timer's thread.
     */
    void beat() {
        long now = nanoTime.getAsLong();
        switch (state) {
            case OPEN -> {
                long silent = now - heardAt;
                long heartbeat = settings.heartbeat().toNanos();
                if (paused) {
                    // We do not listen, so silence says nothing.
                    heardAt = now;
                } else if (silent >= 2 * heartbeat) {
                    closeAndDrop(Closing.NO_PONG);
                } else if (silent >= heartbeat && !pinged) {
                    pinged = true;
                    ping();
                }
            }
            case CLOSING -> {
                if (now - closingSince >= settings.closeTimeout().toNanos()) {
                    tcp.terminateSilently();
                }
            }
            case GONE -> {}
        }
    }

    // Opening.

    /** What Tyrus writes with. */
    Writer writer() {
        return new TyrusWriter();
    }

    /** Tyrus opened its session. */
    void sessionOpened(Session opened) {
        session = opened;
    }

    /** The handshake is done: from now on frames may come. */
    void start(
            org.glassfish.tyrus.spi.Connection tyrusConnection,
            SocketAcceptor acceptor,
            Handshake handshake) {
        tyrus = tyrusConnection;
        if (session == null) {
            // Tyrus has logged why.
            tcp.closeSilently();
            return;
        }
        var refusal = settings.gate().refusal(handshake);
        if (refusal.isPresent()) {
            close(refusal.get());
            return;
        }
        try {
            listener = acceptor.opened(this, handshake);
        } catch (RuntimeException e) {
            LOG.error("Opening {} failed", handshake, e);
            close(Closing.FAULT);
        }
    }

    // Reading, on the network thread.

    /** Bytes were read. */
    void received(ByteBuffer bytes) {
        if (held != null) {
            // A read that was under way when reading was turned off.
            var both = ByteBuffer.allocate(held.length + bytes.remaining());
            bytes = both.put(held).put(bytes).flip();
            held = null;
        }
        process(bytes);
    }

    private void process(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (state != State.OPEN) {
                discard(bytes);
            } else if (paused) {
                hold(bytes);
                return;
            } else if (!handOn(bytes)) {
                return;
            }
        }
    }

    /** Whether there may be more to hand on. */
    private boolean handOn(ByteBuffer bytes) {
        try {
            var frame = guard.next(bytes);
            heardAt = nanoTime.getAsLong();
            pinged = false;
            if (frame == null) {
                return false;
            }
            if (frame.get(0) == WHOLE_TEXT) {
                textPart(decoded(frame), true);
            } else if (tyrus != null) {
                tyrus.getReadHandler().handle(frame);
            }
            return true;
        } catch (FrameViolation v) {
            if (beginClosing()) {
                failing = true;
                traffic.closing(v.closing());
                closeTyrus(v.closing());
            }
            return true;
        }
    }

    /**
     * Nearly every message is one small frame: the guard has judged it, and there is nothing left
     * that Tyrus would find but text that is not UTF-8.
     */
    private static String decoded(ByteBuffer frame) throws FrameViolation {
        frame.position((frame.get(1) & 0x7F) <= 125 ? 2 : 4);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(frame).toString();
        } catch (CharacterCodingException e) {
            throw new FrameViolation(Closing.NOT_UTF8, "text not UTF-8");
        }
    }

    private void discard(ByteBuffer bytes) {
        try {
            // Nobody listens any more; only the peer's close frame counts.
            var frame = guard.next(bytes);
            while (frame != null) {
                frame = guard.next(bytes);
            }
        } catch (FrameViolation v) {
            bytes.position(bytes.limit());
        }
        closeTcpWhenDone();
    }

    private void hold(ByteBuffer bytes) {
        held = new byte[bytes.remaining()];
        bytes.get(held);
        if (!readingOff) {
            readingOff = true;
            reading(false);
        }
    }

    private void readOn() {
        if (held != null) {
            var bytes = ByteBuffer.wrap(held);
            held = null;
            process(bytes);
        }
        if (readingOff && held == null) {
            readingOff = false;
            reading(true);
        }
    }

    private void reading(boolean on) {
        try {
            if (on) {
                tcp.enableIOEvent(IOEvent.READ);
            } else {
                tcp.disableIOEvent(IOEvent.READ);
            }
        } catch (IOException e) {
            tcp.terminateSilently();
        }
    }

    // What Tyrus tells, on the network thread.

    /** A part of a text message. */
    void textPart(String part, boolean last) {
        if (state != State.OPEN || listener == null) {
            return;
        }
        String whole = part;
        if (text != null || !last) {
            if (text == null) {
                text = new StringBuilder();
            }
            text.append(part);
            if (!last) {
                return;
            }
            whole = text.toString();
            text = null;
        }
        traffic.received();
        try {
            listener.text(whole);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /** A part of a binary message. */
    void binaryPart(byte[] part, boolean last) {
        if (state != State.OPEN || listener == null) {
            return;
        }
        byte[] whole = part;
        if (binary != null || !last) {
            if (binary == null) {
                binary = new ByteArrayOutputStream();
            }
            binary.writeBytes(part);
            if (!last) {
                return;
            }
            whole = binary.toByteArray();
            binary = null;
        }
        try {
            listener.binary(whole);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /** Something threw inside Tyrus or the listener. */
    void failed(Throwable fault) {
        LOG.error("A message on {} failed", this, fault);
        close(Closing.FAULT);
    }

    /** The session is closed, or about to be: by us, by the peer, or because Tyrus found a flaw. */
    void sessionClosed(int tyrusCode) {
        int code = tyrusCode;
        if (beginClosing()) {
            outbox.seal();
            if (guard.closeSeen()) {
                // Tyrus takes a close frame without a code for one with 1000.
                code = guard.closeCode();
            } else {
                failing = true;
            }
        }
        text = null;
        binary = null;
        if (listener != null && !closedHeard) {
            closedHeard = true;
            try {
                listener.closed(code);
            } catch (RuntimeException e) {
                LOG.error("Closing {} failed", this, e);
            }
        }
    }

    // Closing.

    private boolean beginClosing() {
        closingSince = state == State.OPEN ? nanoTime.getAsLong() : closingSince;
        if (!STATE.compareAndSet(this, State.OPEN, State.CLOSING)) {
            return false;
        }
        if (paused) {
            // The peer's close frame may be among what waits.
            resumeReading();
        }
        return true;
    }

    private void closeTyrus(Closing closing) {
        if (session != null && session.isOpen()) {
            try {
                session.close(
                        new CloseReason(
                                CloseReason.CloseCodes.getCloseCode(closing.code()),
                                closing.reason()));
                return;
            } catch (IOException | IllegalStateException e) {
                LOG.debug("{} was closed already", this, e);
            }
        }
        outbox.end();
    }

    private void closeTcpWhenDone() {
        if (outboxDrained && guard.closeSeen()) {
            tcp.closeSilently();
        }
    }

    /** The TCP connection is gone; on whatever thread found out. */
    void lost(Runnable then) {
        state = State.GONE;
        outbox.sealAndDrop();
        onNetworkThread(
                () -> {
                    gone();
                    then.run();
                });
    }

    /** Tells Tyrus and the listener that the TCP connection is gone. */
    void gone() {
        held = null;
        if (tyrus != null) {
            tyrus.close(new CloseReason(CloseReason.CloseCodes.CLOSED_ABNORMALLY, null));
        }
        sessionClosed(CloseReason.CloseCodes.CLOSED_ABNORMALLY.getCode());
    }

    private void onNetworkThread(Runnable task) {
        tcp.executeInEventThread(IOEvent.READ, task);
    }

    @Override
    public String toString() {
        return "connection of " + tcp.getPeerAddress();
    }

    /** The outbox's way to the network. */
    private final class TcpLine implements Outbox.Line {

        @Override
        public void later(Runnable task) {
            onNetworkThread(task);
        }

        @Override
        public void write(List<Frame> frames, Runnable done) {
            traffic.sent(frames.size());
            tcp.write(
                    together(frames),
                    new EmptyCompletionHandler<WriteResult<Buffer, SocketAddress>>() {
                        @Override
                        public void completed(WriteResult<Buffer, SocketAddress> result) {
                            done.run();
                        }

                        @Override
                        public void failed(Throwable fault) {
                            outbox.sealAndDrop();
                            tcp.terminateSilently();
                        }
                    });
        }

        @Override
        public void drained() {
            outboxDrained = true;
            if (failing) {
                endOutput();
            }
            closeTcpWhenDone();
        }

        /** Who breaks the rules may never answer our close frame, but waits for the end. */
        private void endOutput() {
            try {
                ((SocketChannel) tcp.getChannel()).shutdownOutput();
            } catch (IOException e) {
                tcp.terminateSilently();
            }
        }

        private Buffer together(List<Frame> frames) {
            MemoryManager<?> memory = tcp.getMemoryManager();
            if (frames.size() == 1) {
                return Buffers.wrap(memory, frames.getFirst().wire());
            }
            var whole = CompositeBuffer.newBuffer(memory);
            for (var frame : frames) {
                whole.append(Buffers.wrap(memory, frame.wire()));
            }
            return whole;
        }
    }

    /** Tyrus's way to the outbox: pongs and close frames. */
    private final class TyrusWriter extends Writer {

        @Override
        public void write(ByteBuffer encoded, CompletionHandler<ByteBuffer> written) {
            var bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            var frame = Frame.encoded(bytes);
            if (frame.isPong()) {
                outbox.offerPong(frame);
            } else {
                outbox.offerLast(frame);
            }
            written.completed(encoded);
        }

        @Override
        public void close() {
            outbox.end();
        }
    }
}
