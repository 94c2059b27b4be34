/**
 * Files in messages: taking them in, handing them out, clearing up behind them.
 *
 * <p>What a file is, is the {@link com.ecleaner.chat.domain.port.FileInspector}'s to find out;
 * where its bytes lie is the {@link com.ecleaner.chat.domain.port.FileStore}'s. Who may do what
 * with it is the rules of its room, asked each time.
 */
package com.ecleaner.chat.application.files;
