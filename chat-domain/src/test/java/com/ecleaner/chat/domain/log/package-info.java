/** Tests of the domain's {@code log} package. */
package com.ecleaner.chat.domain.log;
