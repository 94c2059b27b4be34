package com.ecleaner.chat.persistence;

import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.Transaction;

import java.sql.Connection;
import java.sql.SQLException;

/** Runs work in Hibernate's sessions and transactions. Thread-safe. */
final class Transactions {
    /** Work on a session; what it throws rolls back. */
    @FunctionalInterface
    interface OnSession<T> {
        T run(StatelessSession session);
    }

    /** Work on a session's connection. */
    @FunctionalInterface
    interface OnConnection<T> {
        T run(Connection connection) throws SQLException;
    }

    private final SessionFactory sessions;

    Transactions(SessionFactory sessions) {
        this.sessions = sessions;
    }

    /**
     * In a transaction of its own, READ COMMITTED, which is committed on return.
     *
     * @throws com.ecleaner.chat.domain.Refusal the work's own, or {@code unavailable} for any fault
     */
    <T> T write(OnSession<T> work) {
        try {
            return run(work);
        } catch (RuntimeException e) {
            throw StoreFault.refusal(e);
        }
    }

    /**
     * Reads in one statement or by whole rows, each as it is when it is read.
     *
     * @throws com.ecleaner.chat.domain.Refusal the work's own, or {@code unavailable} for any fault
     */
    <T> T read(OnConnection<T> work) {
        return write(session -> session.doReturningWork(work::run));
    }

    /**
     * Reads what one journey answers, without a transaction around it: there is no commit to be
     * waited for.
     *
     * @throws com.ecleaner.chat.domain.Refusal the work's own, or {@code unavailable} for any fault
     */
    <T> T ask(OnSession<T> work) {
        try (StatelessSession session = sessions.openStatelessSession()) {
            // The pool takes it back with the connection.
            session.doWork(connection -> connection.setAutoCommit(true));
            return work.run(session);
        } catch (RuntimeException e) {
            throw StoreFault.refusal(e);
        }
    }

    /** The same on the session's connection. */
    <T> T askOn(OnConnection<T> work) {
        return ask(session -> session.doReturningWork(work::run));
    }

    /** Runs as {@link #write} does, and lets faults out as they are. */
    <T> T run(OnSession<T> work) {
        try (StatelessSession session = sessions.openStatelessSession()) {
            Transaction transaction = session.beginTransaction();
            try {
                T result = work.run(session);
                if (transaction.getRollbackOnly()) {
                    transaction.rollback();
                } else {
                    transaction.commit();
                }
                return result;
            } catch (Throwable t) {
                rollBack(transaction, t);
                throw t;
            }
        }
    }

    private static void rollBack(Transaction transaction, Throwable reason) {
        try {
            if (transaction.isActive()) {
                transaction.rollback();
            }
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }
}
