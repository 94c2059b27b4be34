/** Opening, listing, closing, entering and leaving rooms, and how far one has read in them. */
package com.ecleaner.chat.application.rooms;
