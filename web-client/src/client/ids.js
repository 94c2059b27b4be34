/**
 * A random name for a message, unique for all time. `crypto.randomUUID` is missing on pages without
 * TLS, the random bytes are not.
 *
 * @returns {string}
 */
export const newClientId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join(
    '',
  );
