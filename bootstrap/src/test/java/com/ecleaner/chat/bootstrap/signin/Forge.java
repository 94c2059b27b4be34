package com.ecleaner.chat.bootstrap.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens out of any header and payload, letter by letter: no library corrects them. */
final class Forge {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Forge() {}

    static KeyPair rsa() {
        return pair("RSA", 2048);
    }

    static KeyPair ec() {
        return pair("EC", 256);
    }

    static KeyPair ed25519() {
        return pair("Ed25519", 255);
    }

    static String hs256(byte[] secret, String header, String payload) {
        return hmac("HmacSHA256", secret, header, payload);
    }

    static String hmac(String algorithm, byte[] secret, String header, String payload) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            String signed = part(header) + "." + part(payload);
            return signed + "." + BASE64.encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * @param algorithm as the JDK calls it; {@code SHA256withECDSAinP1363Format} for ES256
     */
    static String signed(String algorithm, PrivateKey key, String header, String payload) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            String signed = part(header) + "." + part(payload);
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String part(String json) {
        return BASE64.encodeToString(json.getBytes(UTF_8));
    }

    private static KeyPair pair(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
