/**
 * Files: where their bytes lie, and what is done to an upload before it is kept.
 *
 * <p>Nothing here knows who may see what, and no name of an uploader's ever becomes a path. Whoever
 * keeps bytes elsewhere, in an object store, writes another {@link
 * com.ecleaner.chat.domain.port.FileStore} beside {@code LocalFileStore}; the inspector stays.
 */
@NullMarked
package com.ecleaner.chat.persistence.files;

import org.jspecify.annotations.NullMarked;
