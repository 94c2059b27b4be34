/** Tests of the ports over a real PostgreSQL that the tests bring with them. */
package com.ecleaner.chat.persistence;
