/**
 * The whole chat, run for real: its own server process or port, its own PostgreSQL, clients that
 * know the wire contract alone.
 */
package com.ecleaner.chat.system;
