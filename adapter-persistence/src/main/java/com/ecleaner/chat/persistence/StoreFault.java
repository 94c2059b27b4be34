package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.Refusal;

import org.hibernate.HibernateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** A fault of the database on its way out of code that cannot declare it. */
final class StoreFault extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(StoreFault.class);

    /** What a fault says about trying again. */
    enum Kind {
        /** Somebody was in the way: the same again, in a new snapshot, may well succeed. */
        CONTENDED,
        /** Somebody held a lock for longer than was to be waited. */
        LOCKED,
        /** The database cannot be reached, or is not in a state to serve. */
        AWAY,
        /** What was to be written cannot be. */
        DATA,
        /** A mistake of ours. */
        BROKEN
    }

    StoreFault(SQLException cause) {
        super(cause);
    }

    static Kind kind(Throwable fault) {
        SQLException cause = sqlException(fault);
        if (cause == null) {
            return Kind.BROKEN;
        }
        if (cause instanceof SQLTransientConnectionException) {
            return Kind.AWAY;
        }
        String state = cause.getSQLState() == null ? "" : cause.getSQLState();
        return switch (state) {
            case "23505", "40001", "40P01" -> Kind.CONTENDED;
            case "55P03" -> Kind.LOCKED;
            default ->
                    switch (state.length() < 2 ? "" : state.substring(0, 2)) {
                        // 25006 comes from a standby, 57xxx from a server that goes down or comes
                        // up, 53xxx from one that ran out of something.
                        case "08", "25", "53", "57", "58", "" -> Kind.AWAY;
                        case "22", "23" -> Kind.DATA;
                        default -> Kind.BROKEN;
                    };
        };
    }

    /** Whether the statement took longer than it was given. */
    static boolean isTimeout(Throwable fault) {
        SQLException cause = sqlException(fault);
        return cause != null && "57014".equals(cause.getSQLState());
    }

    /** The fault as whoever asked is to hear of it; what nobody expects is written to the log. */
    static RuntimeException refusal(RuntimeException fault) {
        if (fault instanceof Refusal) {
            return fault;
        }
        Kind kind = kind(fault);
        if (kind == Kind.BROKEN || kind == Kind.DATA) {
            LOG.error("the database refused what should have been right", fault);
        } else {
            LOG.debug("the database could not serve", fault);
        }
        return Refusal.unavailable(
                kind == Kind.LOCKED || kind == Kind.CONTENDED
                        ? "somebody else is changing this, try again"
                        : "the store is away, try again");
    }

    private static @Nullable SQLException sqlException(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
            if (!(cause instanceof HibernateException
                    || cause instanceof StoreFault
                    || cause instanceof jakarta.persistence.PersistenceException)) {
                return null;
            }
        }
        return null;
    }
}
