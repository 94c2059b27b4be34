/** Everything here against a real Redis, with a password. */
package com.ecleaner.chat.redis;
