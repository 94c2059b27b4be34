/**
 * The WebSocket endpoint: frames in, frames out, bounded queues, close codes.
 *
 * <p>May depend on domain and application, on no other adapter. Tyrus and Jackson types end here;
 * no rule of the chat is decided here.
 */
package com.ecleaner.chat.websocket;
