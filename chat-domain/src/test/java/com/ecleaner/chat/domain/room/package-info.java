/** Tests of the domain's {@code room} package. */
package com.ecleaner.chat.domain.room;
