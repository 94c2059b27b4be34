/** Tests of the domain's {@code access} package. */
package com.ecleaner.chat.domain.access;
