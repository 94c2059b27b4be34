/**
 * Several nodes over one PostgreSQL and one Redis, all of them real processes, and the lines
 * between them, which can be cut, slowed and stalled.
 */
package com.ecleaner.chat.fleet;
