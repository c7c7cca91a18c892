package io.tandem.protocol.sip.transport.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate authority of a test: signs for names, URIs and addresses, writes PEM files. */
public final class TestAuthority {
  private static final byte[] ECDSA_SHA256 =
      der(0x30, new byte[] {6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2});

  private final Path directory;
  private final String name;
  private final KeyPair keys = keys();
  private int serial;

  /** An authority of that name with its own certificate in a file. */
  public TestAuthority(Path directory, String name) {
    this.directory = directory;
    this.name = name;
    write(
        directory.resolve(name + ".pem"), "CERTIFICATE", certificate(name, keys.getPublic(), null));
  }

  /** What to trust. */
  public Path certificate() {
    return directory.resolve(name + ".pem");
  }

  /** A chain and key for {@code dns:…}, {@code uri:…} and {@code ip:…} names. */
  public TlsSettings.Pair sign(String file, String... names) {
    KeyPair own = keys();
    Path chain = directory.resolve(file + ".pem");
    Path key = directory.resolve(file + ".key");
    write(key, "PRIVATE KEY", own.getPrivate().getEncoded());
    write(chain, "CERTIFICATE", certificate(file, own.getPublic(), names));
    return new TlsSettings.Pair(chain, key);
  }

  /** What a client shows that trusts nobody but this authority. */
  public TlsSettings client(String file, String... names) {
    return new TlsSettings(
        List.of(sign(file, names)),
        TlsSettings.ClientCertificates.NONE,
        certificate(),
        List.of("TLSv1.3"),
        Duration.ofSeconds(10));
  }

  /** A node's setting with a certificate for this machine. */
  public String nodeSetting() {
    TlsSettings.Pair pair = sign("node", "ip:127.0.0.1");
    return "tandem.sip.tls.certificates = [\"" + pair.chain() + " " + pair.key() + "\"]";
  }

  /** For a browser that trusts nobody else. */
  public SSLContext trusting() {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      try (var in = Files.newInputStream(certificate())) {
        trusted.setCertificateEntry(
            "a", CertificateFactory.getInstance("X.509").generateCertificate(in));
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] certificate(String subject, PublicKey key, String @Nullable [] names) {
    byte[] extension =
        names == null
            ? extension(0x13, der(0x30, der(1, new byte[] {-1})))
            : extension(0x11, alternatives(names));
    byte[] tbs =
        der(
            0x30,
            der(0xa0, der(2, new byte[] {2})),
            der(2, new byte[] {(byte) ++serial}),
            ECDSA_SHA256,
            commonName(name),
            der(0x30, time("250101000000Z"), time("491231235959Z")),
            commonName(subject),
            key.getEncoded(),
            der(0xa3, der(0x30, extension)));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(tbs);
      return der(0x30, tbs, ECDSA_SHA256, der(3, new byte[1], signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] alternatives(String[] names) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String each : names) {
      String value = each.substring(each.indexOf(':') + 1);
      all.writeBytes(
          switch (each.substring(0, each.indexOf(':'))) {
            case "dns" -> der(0x82, ascii(value));
            case "uri" -> der(0x86, ascii(value));
            default -> der(0x87, address(value));
          });
    }
    return der(0x30, all.toByteArray());
  }

  private static byte[] address(String text) {
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] extension(int kind, byte[] value) {
    return der(0x30, new byte[] {6, 3, 0x55, 0x1d, (byte) kind}, der(4, value));
  }

  private static byte[] commonName(String text) {
    byte[] type = {6, 3, 0x55, 4, 3};
    return der(0x30, der(0x31, der(0x30, type, der(12, ascii(text)))));
  }

  private static byte[] time(String utc) {
    return der(0x17, ascii(utc));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      value.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = value.size();
    if (length > 255) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length > 127) {
      out.write(0x81);
    }
    out.write(length);
    out.writeBytes(value.toByteArray());
    return out.toByteArray();
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Path file, String kind, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    try {
      Files.writeString(
          file, "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
