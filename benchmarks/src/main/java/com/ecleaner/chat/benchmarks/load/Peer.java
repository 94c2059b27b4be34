package com.ecleaner.chat.benchmarks.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One connection of the generator. All that happens to it happens on the generator's one thread,
 * except {@link #sendLater}.
 */
final class Peer extends ByteToMessageDecoder {
    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;

    /** Where a chat's frame has the first letter of its type. */
    private static final int TYPE = "{\"type\":\"".length();

    private final int number;
    private final Seat seat;
    private final boolean welcomes;
    private final Swarm swarm;
    private final CompletableFuture<Peer> opened = new CompletableFuture<>();

    private boolean upgraded;
    private int nextFrame;
    private long lastNanos;
    private @Nullable ChannelHandlerContext context;

    /**
     * @param welcomes whether the server says something before it is ready
     */
    Peer(int number, Seat seat, boolean welcomes, Swarm swarm) {
        this.number = number;
        this.seat = seat;
        this.welcomes = welcomes;
        this.swarm = swarm;
    }

    CompletableFuture<Peer> opened() {
        return opened;
    }

    int number() {
        return number;
    }

    /** Sends its next message now and leaves it to {@link #channelReadComplete} to flush. */
    void send() {
        write(System.nanoTime());
    }

    /** Sends its next message from another thread, as one that was due at that time. */
    void sendLater(long due) {
        ChannelHandlerContext there = context();
        there.executor()
                .execute(
                        () -> {
                            write(due);
                            there.flush();
                        });
    }

    void flush() {
        context().flush();
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("connection " + number + " is not open");
        }
        return context;
    }

    private void write(long due) {
        // Two at the same time would have the same name.
        lastNanos = Math.max(due, lastNanos + 1);
        Template frame = seat.messages().get(nextFrame);
        nextFrame = (nextFrame + 1) % seat.messages().size();
        ChannelHandlerContext there = context();
        var unused =
                there.write(
                        frame.frame(there.alloc(), new Mark(number, lastNanos)),
                        there.voidPromise());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        String request =
                "GET "
                        + seat.address()
                        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        var unused =
                ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(request.getBytes(ISO_8859_1)));
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!upgraded && !upgrade(in)) {
            return;
        }
        while (in.readableBytes() >= 2) {
            int start = in.readerIndex();
            int opcode = in.getByte(start) & 0x0f;
            int length = in.getByte(start + 1) & 0x7f;
            int header = 2;
            if (length == 126) {
                if (in.readableBytes() < 4) {
                    return;
                }
                length = in.getUnsignedShort(start + 2);
                header = 4;
            } else if (length == 127) {
                if (in.readableBytes() < 10) {
                    return;
                }
                length = (int) in.getLong(start + 2);
                header = 10;
            }
            if (in.readableBytes() < header + length) {
                return;
            }
            frame(ctx, in, opcode, start + header, length);
            in.readerIndex(start + header + length);
        }
    }

    private boolean upgrade(ByteBuf in) {
        String answer = in.toString(ISO_8859_1);
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        if (!answer.startsWith("HTTP/1.1 101")) {
            opened.completeExceptionally(new IllegalStateException(answer));
            return false;
        }
        upgraded = true;
        in.skipBytes(end + 4);
        if (!welcomes) {
            opened.complete(this);
        }
        return true;
    }

    private void frame(ChannelHandlerContext ctx, ByteBuf in, int opcode, int from, int length) {
        switch (opcode) {
            case TEXT -> {
                Mark mark = Mark.in(in, from, from + length);
                if (mark != null && in.getByte(from + TYPE) != 'e') {
                    swarm.delivered(this, mark);
                } else if (length > TYPE && in.getByte(from + TYPE) == 'e') {
                    swarm.failed(in.toString(from, length, ISO_8859_1));
                } else if (!opened.isDone()) {
                    opened.complete(this);
                }
            }
            case PING -> {
                ByteBuf pong = ctx.alloc().buffer(length + 6);
                pong.writeByte(0x8a).writeByte(0x80 | length).writeInt(0);
                var unused = ctx.writeAndFlush(pong.writeBytes(in, from, length));
            }
            case CLOSE -> {
                String why = "closed: " + in.toString(from + 2, length - 2, ISO_8859_1);
                opened.completeExceptionally(new IllegalStateException(why));
                swarm.failed(why);
            }
            default -> {}
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        ctx.flush();
        super.channelReadComplete(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        opened.completeExceptionally(new IllegalStateException("closed while opening"));
        swarm.lost();
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        opened.completeExceptionally(cause);
        swarm.failed(cause.toString());
        var unused = ctx.close();
    }
}
