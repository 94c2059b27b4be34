package com.ecleaner.chat.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The least that a server of rooms can do: what comes over one connection of a room goes out to all
 * of them, each frame in a write of its own. It stores nothing, knows nobody, obeys no rules. Run
 * as a process; prints its port.
 */
final class Yardstick {
    private Yardstick() {}

    /** The path of the room of that name. */
    static String room(String name) {
        return "/ws/" + name;
    }

    /** Serves until the process is ended. */
    public static void main(String[] arguments) {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
        Map<String, List<Channel>> rooms = new ConcurrentHashMap<>();
        Channel server =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, 1_024)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        channel.pipeline()
                                                .addLast(
                                                        new HttpServerCodec(),
                                                        new HttpObjectAggregator(8_192),
                                                        new WebSocketServerProtocolHandler(
                                                                "/ws", null, false, 65_536, false,
                                                                true),
                                                        new Member(rooms));
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .syncUninterruptibly()
                        .channel();
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        System.out.println("the yardstick answers at http://127.0.0.1:" + port);
        server.closeFuture().syncUninterruptibly();
    }

    private static final class Member extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        private final Map<String, List<Channel>> rooms;
        private List<Channel> room = List.of();

        Member(Map<String, List<Channel>> rooms) {
            this.rooms = rooms;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete handshake) {
                room =
                        rooms.computeIfAbsent(
                                handshake.requestUri(), name -> new CopyOnWriteArrayList<>());
                room.add(ctx.channel());
            }
            super.userEventTriggered(ctx, event);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
            for (Channel member : room) {
                var unused = member.writeAndFlush(frame.retainedDuplicate());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) throws Exception {
            room.remove(ctx.channel());
            super.channelInactive(ctx);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            var unused = ctx.close();
        }
    }
}
