/** The chat's door for WebSockets, tried by a client over a real connection. */
package com.ecleaner.chat.websocket;
