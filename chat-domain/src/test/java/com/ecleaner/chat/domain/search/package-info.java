/** Tests of looking for what was said. */
package com.ecleaner.chat.domain.search;
