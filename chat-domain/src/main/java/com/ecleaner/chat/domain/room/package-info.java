/**
 * Rooms, what identifies them, their participants, and the arithmetic of reading: marks and unread.
 *
 * <p>Values only. What changes a room is {@code log}; who may see it is {@code access}.
 */
package com.ecleaner.chat.domain.room;
