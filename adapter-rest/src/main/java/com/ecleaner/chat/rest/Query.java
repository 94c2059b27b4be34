package com.ecleaner.chat.rest;

import com.ecleaner.chat.domain.Refusal;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** An address's parameters, each of which may be there once; unknown ones are ignored. */
final class Query {
    private static final int MAX_DIGITS = 1_000;
    private static final BigInteger TOO_FEW = BigInteger.ZERO;
    private static final BigInteger MANY = BigInteger.valueOf(Integer.MAX_VALUE);

    private final MultivaluedMap<String, String> parameters;

    Query(UriInfo address) {
        this.parameters = address.getQueryParameters();
    }

    Optional<String> text(String name) {
        List<String> values = parameters.get(name);
        if (values == null) {
            return Optional.empty();
        }
        if (values.size() != 1) {
            throw Refusal.invalid(name, "must be there once");
        }
        return Optional.of(values.getFirst());
    }

    /** A whole number as far as 64 bits reach. */
    Optional<Long> whole(String name) {
        return text(name)
                .map(
                        value -> {
                            if (!value.matches("-?[0-9]{1,19}")) {
                                throw Refusal.invalid(name, "must be a whole number");
                            }
                            try {
                                return Long.parseLong(value);
                            } catch (NumberFormatException e) {
                                throw Refusal.invalid(name, "must be below 2^63");
                            }
                        });
    }

    /** A page's size as it was asked for, of whatever length; the use case bounds it. */
    int limit(int otherwise) {
        return text("limit")
                .map(
                        value -> {
                            if (!value.matches("-?[0-9]{1," + MAX_DIGITS + "}")) {
                                throw Refusal.invalid("limit", "must be a whole number");
                            }
                            return new BigInteger(value).max(TOO_FEW).min(MANY).intValue();
                        })
                .orElse(otherwise);
    }

    Optional<Boolean> truth(String name) {
        return text(name)
                .map(
                        value ->
                                switch (value) {
                                    case "true" -> true;
                                    case "false" -> false;
                                    default -> throw Refusal.invalid(name, "must be true or false");
                                });
    }
}
