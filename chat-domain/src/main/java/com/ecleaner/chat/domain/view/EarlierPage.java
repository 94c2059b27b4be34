package com.ecleaner.chat.domain.view;

import java.util.List;
import java.util.OptionalLong;

/**
 * A page of what a message said before, the first wording first; {@code next} is the version after
 * which the following page begins, if there is one.
 */
public record EarlierPage(List<Earlier> contents, OptionalLong next) {
    /**
     * The page of up to {@code limit} of these, which may hold one more to tell that it goes on.
     */
    public static EarlierPage of(List<Earlier> oneMore, int limit) {
        boolean more = oneMore.size() > limit;
        List<Earlier> shown = List.copyOf(more ? oneMore.subList(0, limit) : oneMore);
        return new EarlierPage(
                shown, more ? OptionalLong.of(shown.getLast().version()) : OptionalLong.empty());
    }
}
