package com.ecleaner.chat.websocket.transport;

import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * What a delivery costs: one frame to each of many connections, in bursts. Arguments: connections
 * (500), messages (2,000), messages per burst (1). Prints the CPU time of the network and the
 * sending threads per delivery; the clients' threads are not counted.
 */
public final class FanOutBenchmark {

    private FanOutBenchmark() {}

    /** Runs it twice, the second time warm. */
    public static void main(String[] args) throws Exception {
        int connections = args.length > 0 ? Integer.parseInt(args[0]) : 500;
        int messages = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
        int burst = args.length > 2 ? Integer.parseInt(args[2]) : 1;
        List<Socket> sockets = new CopyOnWriteArrayList<>();
        var listener = new NetworkListener("fan-out", "127.0.0.1", 0);
        new WebSocketStack(
                        WebSocketSettings.defaults().withMaxQueueBytes(64 * 1024 * 1024),
                        (socket, handshake) -> {
                            sockets.add(socket);
                            return new Echo(socket, handshake);
                        })
                .install(listener);
        var server = new HttpServer();
        server.addListener(listener);
        server.start();
        var clients = new ArrayList<RawClient>();
        for (int i = 0; i < connections; i++) {
            clients.add(RawClient.open(listener.getPort()));
        }
        for (int round = 0; round < 3; round++) {
            var all = new CountDownLatch(connections);
            for (var client : clients) {
                Thread.ofVirtual().start(() -> read(client, messages, all));
            }
            long cpuBefore = serverCpu();
            long begin = System.nanoTime();
            var frame = Frame.text("x".repeat(300));
            for (int sent = 0; sent < messages; sent += burst) {
                for (var socket : sockets) {
                    for (int i = 0; i < burst; i++) {
                        socket.send(frame);
                    }
                }
                // The next burst finds empty queues: what is coalesced is the burst.
                for (var socket : sockets) {
                    while (socket.pendingBytes() > 0) {
                        Thread.sleep(Duration.ofNanos(50_000));
                    }
                }
            }
            all.await();
            double deliveries = (double) messages * connections;
            System.out.printf(
                    "%d connections, bursts of %d: %.2f µs of server CPU per delivery, %,.0f/s%n",
                    connections,
                    burst,
                    (serverCpu() - cpuBefore) / deliveries / 1_000,
                    deliveries / ((System.nanoTime() - begin) / 1e9));
        }
        System.exit(0);
    }

    private static void read(RawClient client, int messages, CountDownLatch all) {
        try {
            for (int i = 0; i < messages; i++) {
                client.receive();
            }
            all.countDown();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long serverCpu() {
        var threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (var info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null
                    && (info.getThreadName().contains("SelectorRunner")
                            || info.getThreadName().equals("main"))) {
                nanos += threads.getThreadCpuTime(info.getThreadId());
            }
        }
        return nanos;
    }
}
