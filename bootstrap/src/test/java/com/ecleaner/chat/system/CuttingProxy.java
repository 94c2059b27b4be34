package com.ecleaner.chat.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
    private final Map<Socket, Socket> open = new ConcurrentHashMap<>();
    private final AtomicLong bytesLeft = new AtomicLong(Long.MAX_VALUE);

    CuttingProxy(int target) throws IOException {
        this.target = target;
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
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.put(client, server);
                Thread.ofVirtual().start(() -> pump(client, server));
                Thread.ofVirtual().start(() -> pump(server, client));
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

    private static void end(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // Ended already.
        }
    }
}
