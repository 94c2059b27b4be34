package com.ecleaner.chat.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A line to the server that can be cut at any byte. Each client has its own proxy, so a cut hits
 * one device.
 */
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final LineTampering tampering;
    private final Map<Socket, Socket> open = new ConcurrentHashMap<>();
    private final AtomicLong bytesLeft = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean away;

    CuttingProxy(int target) throws IOException {
        this(target, LineTampering.NONE);
    }

    CuttingProxy(int target, LineTampering tampering) throws IOException {
        this.target = target;
        this.tampering = tampering;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /**
     * Cuts the line after so many more bytes, in whatever direction; what comes next is a new line.
     */
    void cutAfter(long bytes) {
        bytesLeft.set(bytes);
    }

    /** Cuts the line and takes no new one until it is called with false. */
    void away(boolean gone) {
        away = gone;
        if (gone) {
            cut();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }

    private void cut() {
        open.forEach(
                (client, server) -> {
                    end(client);
                    end(server);
                });
        open.clear();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (away) {
                    end(client);
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.put(client, server);
                Thread.ofVirtual().start(() -> pump(client, server));
                Thread.ofVirtual()
                        .start(
                                tampering.equals(LineTampering.NONE)
                                        ? () -> pump(server, client)
                                        : () -> tamper(server, client));
            } catch (IOException closedOrServerAway) {
                // The client finds its line cut and comes back.
            }
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                long left = bytesLeft.getAndAdd(-n);
                if (left <= n) {
                    out.write(buffer, 0, (int) Math.max(0, left));
                    out.flush();
                    bytesLeft.set(Long.MAX_VALUE);
                    cut();
                    return;
                }
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException lineEnded) {
            // So it ends on the other side too.
        } finally {
            open.remove(from);
        }
    }

    /** From the server, whose frames are short, whole and not masked. */
    private void tamper(Socket from, Socket to) {
        try (from;
                to;
                DataInputStream in =
                        new DataInputStream(new BufferedInputStream(from.getInputStream()));
                OutputStream out = to.getOutputStream()) {
            for (int matched = 0; matched < 4; ) {
                int b = in.readUnsignedByte();
                out.write(b);
                matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
            }
            while (true) {
                int first = in.readUnsignedByte();
                int length = in.readUnsignedByte();
                if (length == 126) {
                    length = in.readUnsignedShort();
                } else if (length == 127) {
                    length = (int) in.readLong();
                }
                byte[] payload = in.readNBytes(length);
                if (first != 0x81) {
                    write(out, first, payload);
                    continue;
                }
                for (String frame : tampering.arriving(new String(payload, UTF_8))) {
                    write(out, first, frame.getBytes(UTF_8));
                }
            }
        } catch (IOException lineEnded) {
            // So it ends on the other side too.
        } finally {
            open.remove(to);
        }
    }

    /** A client refuses a length that is not written as short as can be. */
    private static void write(OutputStream out, int first, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 10).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else if (payload.length < 1 << 16) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) 127).putLong(payload.length);
        }
        out.write(frame.put(payload).array(), 0, frame.position());
        out.flush();
    }

    private static void end(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // Ended already.
        }
    }
}
